import GatewayDomain
import NetAddress

/// Where the server sends what it is told to.
extension Settings {
    static let webhookAllow = Setting<WebhookTargets>(
        "webhook-allow",
        "prefixes",
        default: "none",
        form: "addresses and prefixes with commas between them, like 10.1.2.3,fd00::/64",
        meaning: """
            Addresses that webhooks may be sent to beside those of the Internet, over plain HTTP as well. All owners of \
            organizations can let the server send there.
            """
    ) { text, _ in
        guard text != "none" else { return WebhookTargets() }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let prefixes = parts.map { $0.filter { $0 != " " } }.compactMap { try? IPPrefix($0) }
        guard prefixes.count == parts.count else { return nil }
        return WebhookTargets(allowed: prefixes)
    }
}
