import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listEvents = Operation.list(
        "listEvents",
        "List the changes that were made.",
        """
        Lists the changes of objects that the API key may see, with each object before and after the change. \
        Changes of API keys are listed for owners only, and changes of organizations for admins only. An \
        event is kept for 90 days, or as long as the operator has set. The oldest come first, where `sort` does not \
        ask for the newest.
        """,
        of: "Event",
        [
            .filter(
                EventMembers.type,
                "Lists only the events of this type.",
                .word("An object type, a dot and an operation.", EventAnswer.types)
            ),
            .filter(
                EventMembers.objectType,
                "Lists only the changes of objects of this type.",
                .word(
                    "The type of the objects that were changed.",
                    Event.ObjectType.allCases.map(\.rawValue)
                )
            ),
            .filter(
                EventMembers.objectID,
                "Lists only the changes of this object.",
                .string("The id of an object, which may be deleted by now.")
            ),
            .filter(
                EventFilter.actorKey,
                "Lists only what this actor caused, as far as the API key may know.",
                .string("The `id` of an event's `actor`, which may be deleted by now.")
            ),
            .filter(
                EventMembers.occurredAt,
                .from,
                "Lists only the events at this time or later.",
                .time(anyOffset)
            ),
            .filter(
                EventMembers.occurredAt,
                .before,
                "Lists only the events before this time.",
                .time(anyOffset)
            ),
            .query(
                "sort",
                "Whether the oldest events come first or, with a `-`, the newest.",
                .word("Is `occurred_at` where it is left out.", ListOrder<EventSortMember>.words)
            ),
        ]
    )

    static let followChanges = Operation(
        id: "followChanges",
        summary: "Follow the changes as they are made.",
        about: """
            Sends the same events as the list of events, one JSON object on a line, as soon as they are \
            stored. The first line and each one after a silence is a heartbeat, whose `revision` is where \
            a client that was cut off goes on from with `since`. The stream ends when the API key is \
            revoked or has expired. An API key may have 16 streams open.
            """,
        access: .anyKey,
        parameters: [
            .query(
                "since",
                "The revision after which the stream begins, which is the newest one where it is left out.",
                .count("The revision of an event or a heartbeat.")
            ),
            .query(
                "follow",
                "Whether the stream goes on when all events up to now have been sent.",
                .bool("Is `true` where it is left out.")
            ),
        ],
        answer: """
            Events and heartbeats, one JSON object on each line. A heartbeat has the `record_type` \
            `heartbeat` and a `revision` to go on from.
            """,
        result: .text(mediaType: "application/x-ndjson", "The lines of the stream."),
        refusals: [410]
    )

    private static let anyOffset = "A time of RFC 3339, with any offset from UTC."
}
