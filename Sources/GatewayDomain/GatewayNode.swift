package import NetAddress
package import WireGuardCrypto

/// What carries gateways: the one inside of the server, or one on another machine. It belongs to the
/// installation, and to no organization.
package struct GatewayNode: Equatable, Sendable {
    /// The most that an installation can have.
    package static let mostNodes = 1_000
    /// The most regions that one node can be in.
    package static let mostRegions = 100

    package let id: NodeID
    /// No two have the same.
    package var name: String
    /// Codes of the regions whose gateways it carries, never none; those of the embedded node are the settings'.
    package var regionCodes: [String]
    /// Where clients find its gateways.
    package var host: PublicHost
    /// Each of its gateways has one of these UDP ports, which no other one of the node has.
    package var ports: PortRange
    /// Whether it is the one inside of the server, which follows the settings at each start.
    package var isEmbedded: Bool
    /// Whether it gets no new gateways.
    package var isDraining: Bool
    package var presence: NodePresence
    /// Since when it is `presence`.
    package var presenceSince: Timestamp
    /// When it was last heard of, as of the last time that this was stored.
    package var lastSeenAt: Timestamp?
    package var version: String?
    /// What secrets for it are sealed to; nil for the embedded one, and until it has joined.
    package var publicKey: PublicKey?
    /// When a second session of its credential was last refused: someone else may have it.
    package var secondSessionAt: Timestamp?
    /// When its join token ends; nil where there is none to be used.
    package var tokenExpiresAt: Timestamp?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// How it does at the moment.
    package var activity: NodeActivity

    /// Whether the server hears of it.
    package enum NodePresence: String, CaseIterable, Sendable {
        /// Its join token was not used yet.
        case joining
        case connected
        case away
    }

    /// One word for `presence` and `isDraining`. That a node cannot be reached weighs more than that it drains.
    package enum State: String, CaseIterable, Sendable {
        case joining
        case connected
        case away
        case draining
    }

    package var state: State {
        switch presence {
        case .joining: .joining
        case .away: .away
        case .connected: isDraining ? .draining : .connected
        }
    }

    /// Whether new gateways may be placed on it. One that is away takes them: it carries them when it is back.
    package var takesGateways: Bool { presence != .joining && !isDraining }

    package init(
        id: NodeID,
        name: String,
        regionCodes: [String],
        host: PublicHost,
        ports: PortRange,
        isEmbedded: Bool = false,
        isDraining: Bool = false,
        presence: NodePresence,
        presenceSince: Timestamp,
        lastSeenAt: Timestamp? = nil,
        version: String? = nil,
        publicKey: PublicKey? = nil,
        secondSessionAt: Timestamp? = nil,
        tokenExpiresAt: Timestamp? = nil,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        activity: NodeActivity = NodeActivity()
    ) {
        self.id = id
        self.name = name
        self.regionCodes = regionCodes
        self.host = host
        self.ports = ports
        self.isEmbedded = isEmbedded
        self.isDraining = isDraining
        self.presence = presence
        self.presenceSince = presenceSince
        self.lastSeenAt = lastSeenAt
        self.version = version
        self.publicKey = publicKey
        self.secondSessionAt = secondSessionAt
        self.tokenExpiresAt = tokenExpiresAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.activity = activity
    }
}

/// What is counted or was last heard of a node.
package struct NodeActivity: Equatable, Sendable {
    package var gatewaysCount: Int
    /// Up to which its gateways are as they should be; nil where it did not say yet.
    package var revision: Int64?
    /// How busy its processors are, in percent of all of them; nil where it did not say.
    package var loadPercent: Int?
    /// Where its connections come from, where peers are sent to another address that its machine does not have.
    package var foreignSource: IPAddress?

    package init(gatewaysCount: Int = 0, revision: Int64? = nil, loadPercent: Int? = nil) {
        self.gatewaysCount = gatewaysCount
        self.revision = revision
        self.loadPercent = loadPercent
    }
}
