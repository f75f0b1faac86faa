/// Where a server of an organization's own hears of events.
package struct Webhook: Equatable, Sendable {
    package static let mostOfOrganization = 10

    package let id: WebhookID
    package let organizationID: OrganizationID
    package var name: String
    package var url: WebhookURL
    /// Which events are sent; no two are the same.
    package var events: [EventPattern]
    /// One that is not is sent nothing, and later nothing of that time.
    package var isEnabled: Bool
    /// How it goes. What the server finds out while it sends does not count as a change of the webhook.
    package var standing: Standing
    /// As far as that was looked for.
    package var backlog = Backlog()
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package struct Standing: Equatable, Sendable {
        package var lastDeliveredAt: Timestamp?
        /// When the first of the failures was that no delivery came behind; nil where it works.
        package var failingSince: Timestamp?
        /// Of the last failure, also where deliveries came behind it.
        package var lastError: String?
        /// How many events were given up.
        package var droppedCount: Int
        /// How many events left the journal before they were read for it.
        package var skippedCount: Int

        package init(
            lastDeliveredAt: Timestamp? = nil,
            failingSince: Timestamp? = nil,
            lastError: String? = nil,
            droppedCount: Int = 0,
            skippedCount: Int = 0
        ) {
            self.lastDeliveredAt = lastDeliveredAt
            self.failingSince = failingSince
            self.lastError = lastError
            self.droppedCount = droppedCount
            self.skippedCount = skippedCount
        }
    }

    /// What waits to be sent.
    package struct Backlog: Equatable, Sendable {
        package var count: Int
        /// When the first of it happened; nil where nothing waits.
        package var since: Timestamp?
        /// Whether it waits for longer than sending takes, or because an attempt has failed.
        package var isLate: Bool

        package init(count: Int = 0, since: Timestamp? = nil, isLate: Bool = false) {
            self.count = count
            self.since = since
            self.isLate = isLate
        }
    }

    package var state: WebhookState {
        if !isEnabled { return .disabled }
        if standing.failingSince != nil { return .failing }
        return backlog.isLate ? .delayed : .working
    }

    package init(
        id: WebhookID,
        organizationID: OrganizationID,
        name: String,
        url: WebhookURL,
        events: [EventPattern],
        isEnabled: Bool = true,
        standing: Standing = Standing(),
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.url = url
        self.events = events
        self.isEnabled = isEnabled
        self.standing = standing
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The lowest role that may see what is sent: who changes the URL reads it.
    package var neededRole: Role {
        events.map(\.neededRole).max() ?? .owner
    }

    package func wants(_ type: Event.ObjectType, _ action: String) -> Bool {
        events.contains { $0.matches(type, action) }
    }

    /// Whether it has to be looked at when peers connect and fall silent.
    package var wantsPresence: Bool {
        isEnabled && PeerPresence.allCases.contains { wants(.peer, $0.rawValue) }
    }

    /// What of the journal is sent.
    package var operations: [(type: Event.ObjectType, operations: [Event.Operation])] {
        Event.ObjectType.allCases.map { type in
            (type, Event.Operation.allCases.filter { wants(type, $0.rawValue) })
        }.filter { !$0.operations.isEmpty }
    }

    /// Kinds of objects of which any event is sent.
    package var objectTypes: [Event.ObjectType] { operations.map(\.type) }
}

/// One word for how a webhook goes. That the latest attempt has failed weighs more than that some events wait.
package enum WebhookState: String, CaseIterable, Sendable {
    case working
    case delayed
    case failing
    case disabled
}

/// What happens to a peer by itself, of which the journal has nothing.
package enum PeerPresence: String, CaseIterable, Sendable {
    /// It has a session with its gateway.
    case connected
    /// It had one, and has begun no other since (`PeerConnection.sessionSeconds`).
    case silent
}
