import APIContract
import GatewayClient
import GatewayDomain

enum WebhookNoun: WatchedNoun {
    typealias Object = WebhookAnswer
    typealias Kind = Webhook

    static let word = "webhook"
    static let resource = Resource.webhooks
    static let objectType = Event.ObjectType.webhook
    static let deletion = "Delete webhooks: nothing more is sent to them."

    static func id(of webhook: Answer) -> String { "\(webhook.id)" }
    static func name(of webhook: Answer) -> String? { webhook.name }

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("url") { .text($0.url) },
        Column("events") { .list($0.events) },
        Column("state", meaning: "working, delayed, failing, or disabled") {
            .state($0.state.text, $0.state.mood)
        },
        Column("delivered", meaning: "when an event was last delivered") {
            .time($0.lastDeliveredAt)
        },
        Column("pending", meaning: "events that wait to be sent") { .number($0.pendingCount) },
        Column("pending-since", wide: true, meaning: "when the first of them happened") {
            .time($0.pendingSince)
        },
        Column("dropped", wide: true, meaning: "events that were given up") {
            .number($0.droppedCount)
        },
        Column("skipped", wide: true, meaning: "events that the journal let go of before") {
            .number($0.skippedCount)
        },
        Column("failing-since", wide: true) { .time($0.failingSince) },
        Column("last-error", wide: true) { .text($0.lastError) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]
}

extension Word<WebhookState> {
    fileprivate var mood: Cell.Mood {
        switch known {
        case .working: .good
        case .delayed: .waiting
        case .failing: .bad
        case .disabled, nil: .plain
        }
    }
}

/// Attempts to deliver to a webhook, the latest first.
enum WebhookDeliveryNoun: Noun {
    typealias Object = WebhookDelivery

    static let word = "delivery"
    static let plural = "deliveries"
    static let resource = Resource<WebhookDelivery>("webhook_deliveries")

    static func id(of delivery: Answer) -> String { delivery.eventID }
    static func name(of delivery: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("time") { .time($0.attemptedAt) },
        Column("type") { .text($0.type) },
        Column("event", meaning: "the id of the event, the same in every attempt") {
            .text($0.eventID)
        },
        Column("status") { $0.status.map { .number($0) } ?? .none },
        Column("milliseconds", short: "ms") { .number($0.milliseconds) },
        Column("error") { .text($0.error) },
    ]
}
