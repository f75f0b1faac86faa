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
