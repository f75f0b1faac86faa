import GatewayDomain
import GatewayStore

/// A webhook that does not get what it should, for the overview.
struct TroubledWebhook {
    /// Of what waits, more is not counted.
    private static let mostCounted = 1_000

    let webhook: Webhook

    /// None for callers who may not see webhooks.
    static func all(
        seenBy caller: Caller,
        from place: (WebhookID) -> Int64,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> [TroubledWebhook] {
        guard (try? caller.require(.unrestricted(.owner))) != nil else { return [] }
        return try Webhooks.all(of: caller.organizationID, db)
            .map {
                try $0.withBacklog(from: place($0.id), at: time, limit: mostCounted, db)
            }
            .filter { $0.state == .failing || $0.state == .delayed }
            .map { TroubledWebhook(webhook: $0) }
    }

    var remark: Remark {
        Remark(
            .webhookFailing,
            .warning,
            count: 0,
            "The webhook '\(webhook.name)' \(trouble)\(waiting).",
            nextStep: "Put its target right; a retry then sends at once what waits.",
            command: "wgw webhook deliveries \(webhook.id)"
        )
    }

    private var trouble: String {
        if let since = webhook.standing.failingSince {
            return "fails since \(since): \(webhook.standing.lastError ?? "unknown")"
        }
        return "is behind" + (webhook.backlog.since.map { ", by events since \($0)" } ?? "")
    }

    private var waiting: String {
        switch webhook.backlog.count {
        case 0: ""
        case 1: "; one event waits"
        case Self.mostCounted...: "; \(Self.mostCounted) events or more wait"
        default: "; \(webhook.backlog.count) events wait"
        }
    }
}
