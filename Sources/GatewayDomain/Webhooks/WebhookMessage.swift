/// An event on its way to a webhook.
package struct WebhookMessage: Equatable, Sendable {
    /// The same however often it is sent, and of no other event: the revision of the journal, or a random one.
    package let id: String
    /// `wireguard_peer.connected`
    package let type: String
    package let occurredAt: Timestamp
    package let organizationID: OrganizationID
    package let networkID: NetworkID?
    package let objectType: String
    package let objectID: String
    /// As JSON.
    package let before: String?
    package let after: String?

    package init(
        id: String,
        type: String,
        occurredAt: Timestamp,
        organizationID: OrganizationID,
        networkID: NetworkID?,
        objectType: String,
        objectID: String,
        before: String?,
        after: String?
    ) {
        self.id = id
        self.type = type
        self.occurredAt = occurredAt
        self.organizationID = organizationID
        self.networkID = networkID
        self.objectType = objectType
        self.objectID = objectID
        self.before = before
        self.after = after
    }

    package init(_ entry: JournalEntry) {
        let event = entry.event
        self.init(
            id: "\(entry.revision)",
            type: "\(event.objectType.rawValue).\(event.operation.rawValue)",
            occurredAt: event.occurredAt,
            organizationID: event.organizationID,
            networkID: event.networkID,
            objectType: event.objectType.rawValue,
            objectID: event.objectID,
            before: event.before,
            after: event.after
        )
    }
}

/// How one attempt to deliver an event has ended.
package struct WebhookDelivery: Equatable, Sendable {
    /// Of each webhook, the latest are remembered.
    package static let mostRemembered = 50

    package let eventID: String
    package let type: String
    package let attemptedAt: Timestamp
    package let milliseconds: Int
    /// Of HTTP; nil where none came.
    package let status: Int?
    /// Nil where it was delivered.
    package let error: String?

    package init(
        eventID: String,
        type: String,
        attemptedAt: Timestamp,
        milliseconds: Int,
        status: Int?,
        error: String?
    ) {
        self.eventID = eventID
        self.type = type
        self.attemptedAt = attemptedAt
        self.milliseconds = milliseconds
        self.status = status
        self.error = error
    }
}
