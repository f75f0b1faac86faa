package import NetAddress

/// `DNS` of the config file: servers, and domains to search in, which wg-quick tells apart by their form.
package struct NameServers: Equatable, Sendable {
    package let servers: [IPAddress]
    let domains: [String]

    /// Nil where there is nothing to set.
    init?(_ words: [String]) {
        servers = words.compactMap { IPAddress($0) }
        domains = words.filter { IPAddress($0) == nil && Self.isDomain($0) }
        guard !servers.isEmpty || !domains.isEmpty else { return nil }
    }

    /// As resolv.conf has it, which resolvconf reads.
    var text: String {
        var text = servers.map { "nameserver \($0)\n" }.joined()
        if !domains.isEmpty { text += "search \(domains.joined(separator: " "))\n" }
        return text
    }

    private static func isDomain(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "-._".utf8.contains(byte)
            }
    }
}
