/// From where a link that is given away can be opened.
enum LinkReach {
    /// What its maker should know before sending it.
    static func remarks(on url: String?) -> [String] {
        guard let url, leadsToThisMachine(url) else { return [] }
        return ["The link leads to this machine only; see wgw serve --public-url."]
    }

    /// Whether the URL's host is a loopback address.
    static func leadsToThisMachine(_ url: String) -> Bool {
        let host = url.split(separator: "/").dropFirst().first ?? ""
        return host.hasPrefix("127.") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
    }
}
