/// The config text that the API returned, with the private key filled in.
struct ClientConfig {
    static let placeholder = "<! INSERT PEER PRIVATE KEY HERE !>"

    let text: String

    init(text: String, privateKey: String) {
        self.text = text.replacing(Self.placeholder, with: privateKey)
    }

    /// `172.27.0.2/32`
    var addressWithPrefix: String { value(of: "Address") }
    var address: String { String(addressWithPrefix.prefix { $0 != "/" }) }
    var endpoint: String { value(of: "Endpoint") }
    var allowedIPs: [String] {
        value(of: "AllowedIPs").split(separator: ", ").map(String.init)
    }

    /// Without the lines that are for `wg-quick` and that `wg` does not know.
    var textForSetconf: String {
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
