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
        /// How many events wait to be sent again.
        package var pendingCount: Int

        package init(
            lastDeliveredAt: Timestamp? = nil,
            failingSince: Timestamp? = nil,
            lastError: String? = nil,
            droppedCount: Int = 0,
            pendingCount: Int = 0
        ) {
            self.lastDeliveredAt = lastDeliveredAt
            self.failingSince = failingSince
            self.lastError = lastError
            self.droppedCount = droppedCount
            self.pendingCount = pendingCount
        }
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

    /// Kinds of objects of which any event is sent.
    package var objectTypes: [Event.ObjectType] {
        Event.ObjectType.allCases.filter { type in
            Event.Operation.allCases.contains { wants(type, $0.rawValue) }
        }
    }
}

/// What happens to a peer by itself, of which the journal has nothing.
package enum PeerPresence: String, CaseIterable, Sendable {
    /// It has a session with its gateway.
    case connected
    /// It had one, and has begun no other since (`PeerConnection.sessionSeconds`).
    case silent
}
