/// What happened to one object, and through whom: an entry of the journal, which is never changed.
package struct Event: Equatable, Sendable {
    package enum ObjectType: String, CaseIterable, Sendable {
        case organization
        case apiKey = "api_key"
        case user
        case session
        case network
        case gateway = "wireguard_interface"
        case peer = "wireguard_peer"
        case peerShare = "wireguard_peer_share"
        case peerConfigURL = "wireguard_peer_config_url"
        case defaultGateway = "default_gateway"
        case internetGateway = "public_internet_gateway"
        case privateService = "private_service"
        case backboneLink = "backbone_link"
        case limits
        case webhook
        case node
        case region

        /// The lowest role that reads such objects, and therefore their journal entries.
        package var neededRole: Role {
            switch self {
            case .organization, .node: .admin
            case .apiKey, .user, .session, .webhook: .owner
            case .network, .gateway, .peer, .peerShare, .peerConfigURL, .defaultGateway,
                .internetGateway, .backboneLink, .limits, .privateService, .region:
                .viewer
            }
        }
    }

    package enum Operation: String, CaseIterable, Sendable {
        case created
        case updated
        case deleted
    }

    /// The organization whose journal has the entry.
    package let organizationID: OrganizationID
    /// The network that the object belongs to, or is.
    package let networkID: NetworkID?
    package let objectType: ObjectType
    package let objectID: String
    package let operation: Operation
    package let occurredAt: Timestamp
    package let actor: Actor
    /// The id of the request that made the change; nil for a change of the server itself.
    package let requestID: String?
    /// The object as JSON, without secrets; nil for one that was created.
    package let before: String?
    /// Nil for one that was deleted.
    package let after: String?

    package init(
        organizationID: OrganizationID,
        networkID: NetworkID?,
        objectType: ObjectType,
        objectID: String,
        operation: Operation,
        occurredAt: Timestamp,
        actor: Actor,
        requestID: String?,
        before: String?,
        after: String?
    ) {
        self.organizationID = organizationID
        self.networkID = networkID
        self.objectType = objectType
        self.objectID = objectID
        self.operation = operation
        self.occurredAt = occurredAt
        self.actor = actor
        self.requestID = requestID
        self.before = before
        self.after = after
    }
}

/// Who makes a change.
package enum Actor: Hashable, Sendable {
    /// The server itself: a node that took a gateway up, a start with other settings.
    case system
    /// An API key or a user, by the name that it had, and the organization that it belongs to.
    case caller(Principal, name: String, of: OrganizationID)
}

/// An event with its place in the journal. Revisions only grow, and none is given out twice.
package struct JournalEntry: Equatable, Sendable {
    package let revision: Int64
    package let event: Event

    package init(revision: Int64, event: Event) {
        self.revision = revision
        self.event = event
    }
}

/// Which events are asked for: those that meet all conditions. Nil leaves a condition out.
package struct EventFilter: Equatable, Sendable {
    package var objectTypes = Set(Event.ObjectType.allCases)
    package var operation: Event.Operation?
    package var objectID: String?
    /// Who caused them.
    package var actorID: String?
    /// No earlier than this.
    package var from: Timestamp?
    /// Earlier than this.
    package var before: Timestamp?

    package init() {}
}
