/// The config text that the API returned, with the private key filled in.
struct ClientConfig {
    static let placeholder = "<! INSERT PEER PRIVATE KEY HERE !>"

    let text: String
    /// What `wg setconf` is given.
    let textForSetconf: String

    /// - Parameter textForSetconf: the same config as the API wrote it for `wg setconf`; nil where only that
    ///   for wg-quick is there.
    init(text: String, textForSetconf: String? = nil, privateKey: String) {
        let text = text.replacing(Self.placeholder, with: privateKey)
        self.text = text
        self.textForSetconf =
            textForSetconf?.replacing(Self.placeholder, with: privateKey)
            ?? Self.withoutLinesForWGQuick(text)
    }

    /// `172.27.0.2/32`
    var addressWithPrefix: String { value(of: "Address") }
    var address: String { String(addressWithPrefix.prefix { $0 != "/" }) }
    var endpoint: String { value(of: "Endpoint") }
    var allowedIPs: [String] {
        value(of: "AllowedIPs").split(separator: ", ").map(String.init)
    }

    private static func withoutLinesForWGQuick(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Address") }
            .joined(separator: "\n")
    }

    private func value(of key: String) -> String {
        text.split(separator: "\n")
            .first { $0.hasPrefix("\(key) = ") }
            .map { String($0.dropFirst(key.count + 3)) } ?? ""
    }
}
