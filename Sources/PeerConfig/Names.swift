/// What a device calls the tunnel.
extension PeerTunnel {
    /// IFNAMSIZ of Linux, without the terminating zero.
    private static let longestInterfaceName = 15

    /// The name of the interface: `wg-office` for the network Office.
    package var interfaceName: String { Self.interfaceName(for: networkName) }

    /// A name for an interface, made of what people call something. It has letters, digits and hyphens of
    /// ASCII only, so that it needs quoting in no format. The prefix keeps it apart from names that mean
    /// something, as `default` does to sysctl.
    package static func interfaceName(for name: String) -> String {
        let words = name.lowercased().split { character in
            !character.isASCII || !(character.isLetter || character.isNumber)
        }
        guard !words.isEmpty else { return "wg0" }
        let cut = "wg-\(words.joined(separator: "-"))".prefix(longestInterfaceName)
        return String(cut.last == "-" ? cut.dropLast() : cut)
    }

    /// The same for OpenWrt, whose sections have neither hyphens nor capitals.
    var sectionName: String { interfaceName.replacing("-", with: "_") }

    /// What a person reads in a list of tunnels. People chose these words, so every format quotes them
    /// in its own way.
    package var label: String {
        Self.oneLine(peerName.map { "\(networkName) (\($0))" } ?? networkName)
    }

    /// Objects may be older than the rule that a name has no control characters.
    static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }
            )
        )
    }
}
