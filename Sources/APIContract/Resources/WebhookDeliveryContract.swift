package import GatewayDomain

extension WebhookDelivery: APIObject {
    package static let contract = AnswerContract(
        "WebhookDelivery",
        "One attempt to deliver an event to a webhook.",
        WebhookDeliveryMembers()
    )
}

package struct WebhookDeliveryMembers: AnswerMembers {
    package typealias Object = WebhookDelivery

    package let recordType = AnswerMember<WebhookDelivery, String>(recordType: "webhook_delivery")
    package let eventID = AnswerMember(
        Member(
            "event_id",
            Codec<String>.text(example: "1729"),
            "The id of the event, which is the same in every attempt; of an entry of the journal, its revision."
        ),
        \WebhookDelivery.eventID
    )
    package let type = AnswerMember(
        Member(
            "type",
            Codec<String>.text(example: "wireguard_peer.connected"),
            "What had happened; `webhook.test` in a test."
        ),
        \WebhookDelivery.type
    )
    package let attemptedAt = AnswerMember(
        Member("attempted_at", Codec<Timestamp>.time, "The time at which the attempt began."),
        \WebhookDelivery.attemptedAt
    )
    package let milliseconds = AnswerMember(
        Member(
            "duration_ms",
            Codec<Int>.count,
            "The number of milliseconds until the target had answered, or the attempt was ended."
        ),
        \WebhookDelivery.milliseconds
    )
    package let status = AnswerMember(
        nullable: Member(
            "status",
            Codec<Int>.count,
            "The status of HTTP that the target answered, or null if it did not answer."
        ),
        \WebhookDelivery.status
    )
    package let error = AnswerMember(
        nullable: Member(
            "error",
            Codec<String>.text,
            "Why the event was not delivered, or null if it was."
        ),
        \WebhookDelivery.error
    )
}
