import APIContract
import GatewayClient
import GatewayDomain
import JSON

enum EventNoun: Noun {
    typealias Object = EventAnswer

    static let word = "event"
    static let resource = Resource.events

    static func id(of event: Answer) -> String { "\(event.revision)" }
    static func name(of event: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("time") { .time($0.occurredAt) },
        Column("type") { .text($0.type) },
        Column("object", needing: .networks) { .text(objectTitle($0, $1)) },
        Column("by") { .text($0.actor.name ?? $0.actor.kind.text) },
        Column("revision", wide: true) { .number(Int($0.revision)) },
        Column("object-id", wide: true) { .text($0.objectID) },
        Column("network", wide: true, needing: .networks) { event, names in
            event.networkID.map { .text(names.name(of: $0)) } ?? .none
        },
        Column("request-id", wide: true) { .text($0.requestID) },
    ]

    /// The name that the object had after the event, or before it where it is gone; of a way out without a name that
    /// of its network.
    private static func objectTitle(_ event: Answer, _ names: NameBook) -> String {
        if event.objectType == .limits, let title = LimitsTitle(event) { return title.text }
        for state in [event.after, event.before] {
            if case .object(let object) = state, case .string(let name)? = object["name"] {
                return name
            }
        }
        if let network = event.networkID,
            [.defaultGateway, .internetGateway].contains(event.objectType.known)
        {
            return names.name(of: network)
        }
        // Of a UUID the beginning tells few objects apart well enough; object-id has the whole.
        return String(event.objectID.prefix(8))
    }
}

/// Whose limits an event is about, and what became of their quota where that is what happened.
private struct LimitsTitle {
    let text: String

    /// Nil for limits that do not say what they limit.
    init?(_ event: EventNoun.Answer) {
        let states = [event.after, event.before].compactMap { state -> JSONObject? in
            if case .object(let object) = state { object } else { nil }
        }
        guard let last = states.first, case .string(let type)? = last["subject_type"] else {
            return nil
        }
        let word = LimitSubject.LimitedKind(rawValue: type)?.word ?? type
        let name: String =
            if case .string(let name)? = last["subject_name"] { name } else {
                String(event.objectID.prefix(8))
            }
        // A request that sets limits moves this time on, and a report of usage does not.
        let isUse = states.count == 2 && states[0]["updated_at"] == states[1]["updated_at"]
        let use = isUse ? Self.use(last).map { ": quota \($0)" } : nil
        text = "\(word) \(name)\(use ?? "")"
    }

    private static func use(_ limits: JSONObject) -> String? {
        guard case .object(let use)? = limits["quota_use"],
            case .string(let text)? = use["state"]
        else { return nil }
        return switch QuotaState(rawValue: text) {
        case .within: "begins anew"
        case .nearing: "used to 80 %"
        case .usedUp: "used up"
        case nil: text
        }
    }
}
