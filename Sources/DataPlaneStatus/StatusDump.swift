/// The format of `wg show all dump`: a line for each interface and each peer, fields between tabs.
///
/// An interface has name, private key, public key, port and firewall mark; a peer has the
/// interface's name, public key, preshared key, endpoint, allowed addresses, latest handshake in
/// seconds since 1970, bytes received, bytes sent and keepalive interval. What a process answers has
/// the id of a gateway behind the fields of its interface, which is printed nowhere.
package struct StatusDump: Equatable, Sendable {
    package struct Interface: Equatable, Sendable {
        package var name: String
        /// Of a gateway of an API.
        package var id: String?
        package var privateKey: String
        package var publicKey: String
        package var port: String
        package var mark: String
        package var peers: [Peer] = []
    }

    package struct Peer: Equatable, Sendable {
        package var publicKey: String
        /// Nil for a peer without one.
        package var presharedKey: String?
        package var endpoint: String?
        package var allowedAddresses: [String]
        /// Seconds since 1970; zero before the first.
        package var latestHandshake: UInt64
        package var receivedBytes: UInt64
        package var sentBytes: UInt64
        /// Seconds; nil when it is off.
        package var keepalive: UInt16?
    }

    package var interfaces: [Interface] = []

    package init() {}

    /// Nil when the text is not a dump.
    package init?(_ text: String) {
        // It may come from another user's process, and is shown on a terminal.
        guard !text.unicodeScalars.contains(where: \.isUnprintable) else { return nil }
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                .map(String.init)
            switch fields.count {
            case 5, 6:
                interfaces.append(
                    Interface(
                        name: fields[0],
                        id: fields.count == 6 ? fields[5] : nil,
                        privateKey: fields[1],
                        publicKey: fields[2],
                        port: fields[3],
                        mark: fields[4]
                    )
                )
            case 9:
                guard let last = interfaces.indices.last, interfaces[last].name == fields[0],
                    let peer = Peer(fields)
                else { return nil }
                interfaces[last].peers.append(peer)
            default:
                return nil
            }
        }
    }
}

extension StatusDump.Interface {
    /// The interface's own line of a dump, without its name.
    var fields: [String] { [privateKey, publicKey, port, mark] }
}

extension StatusDump.Peer {
    private static let none = "(none)"

    fileprivate init?(_ fields: [String]) {
        guard let handshake = UInt64(fields[5]), let received = UInt64(fields[6]),
            let sent = UInt64(fields[7])
        else { return nil }
        publicKey = fields[1]
        presharedKey = fields[2] == Self.none ? nil : fields[2]
        endpoint = fields[3] == Self.none ? nil : fields[3]
        allowedAddresses =
            fields[4] == Self.none ? [] : fields[4].split(separator: ",").map(String.init)
        latestHandshake = handshake
        receivedBytes = received
        sentBytes = sent
        keepalive = UInt16(fields[8])
    }

    /// A peer's line of a dump, without the interface's name.
    var fields: [String] {
        [
            publicKey, shownPresharedKey, shownEndpoint, shownAddresses(separator: ","),
            "\(latestHandshake)", "\(receivedBytes)", "\(sentBytes)", shownKeepalive,
        ]
    }

    var shownPresharedKey: String { presharedKey ?? Self.none }

    var shownEndpoint: String { endpoint ?? Self.none }

    func shownAddresses(separator: String) -> String {
        allowedAddresses.isEmpty ? Self.none : allowedAddresses.joined(separator: separator)
    }

    var shownKeepalive: String { keepalive.map { "\($0)" } ?? "off" }
}

extension Unicode.Scalar {
    /// Control characters but those that part fields and lines.
    fileprivate var isUnprintable: Bool {
        (value < 0x20 && self != "\t" && self != "\n") || (0x7f..<0xa0).contains(value)
    }
}
