import GatewayDomain
import OpenAPI

extension Schemas {
    static let eventTypes = Event.ObjectType.allCases.flatMap { type in
        Event.Operation.allCases.map { "\(type.rawValue).\($0.rawValue)" }
    }

    static let events: [(name: String, schema: Schema)] = [
        (
            "Event",
            .object(
                "One change of one object.",
                [
                    "revision": .integer("Grows with every event.", 1...Int.max),
                    "record_type": .recordType("event"),
                    "type": .word("What happened.", eventTypes),
                    "occurred_at": .time("When."),
                    "organization_id": .id("To whom."),
                    "network_id": .id("The network that the object belongs to, or is.").orNull,
                    "object_type": .word(
                        "What kind of object.",
                        Event.ObjectType.allCases.map(\.rawValue)
                    ),
                    "object_id": .id("Which object."),
                    "actor": .object(
                        "Who did it.",
                        [
                            "type": .word(
                                "A key of the organization, the operator's, or the server itself.",
                                ["api_key", "admin", "system"]
                            ),
                            "id": .id("The API key.").orNull,
                            "name": .string("What the key was called.").orNull,
                        ]
                    ),
                    "request_id": .string("The request that did it.").orNull,
                    "before": .either(
                        "The object before, without secrets; null for one that was made.",
                        states
                    ),
                    "after": .either(
                        "The object after, without secrets; null for one that was deleted.",
                        states
                    ),
                ]
            )
        )
    ]

    private static let states: [Schema] =
        [
            "Organization", "APIKey", "Network", "Gateway", "Peer", "DefaultGateway",
            "InternetGateway",
        ].map { .named($0) } + [.null]
}
