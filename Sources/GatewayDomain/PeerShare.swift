/// A link that gives away the config file of one peer, once. The link itself is not stored, and neither is
/// the file in a form that can be read without it.
package struct PeerShare: Equatable, Sendable {
    package let id: PeerShareID
    package let organizationID: OrganizationID
    package let peerID: PeerID
    /// Whether the file has the peer's private key, or a placeholder for it.
    package let hasPrivateKey: Bool
    /// Whether the file sends everything through the tunnel.
    package let isFullTunnel: Bool
    /// That of the file.
    package let configRevision: Int64
    package let expiresAt: Timestamp
    package var usedAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: PeerShareID,
        organizationID: OrganizationID,
        peerID: PeerID,
        hasPrivateKey: Bool,
        isFullTunnel: Bool,
        configRevision: Int64,
        expiresAt: Timestamp,
        usedAt: Timestamp? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.peerID = peerID
        self.hasPrivateKey = hasPrivateKey
        self.isFullTunnel = isFullTunnel
        self.configRevision = configRevision
        self.expiresAt = expiresAt
        self.usedAt = usedAt
        self.createdAt = createdAt
    }

    package var updatedAt: Timestamp { usedAt ?? createdAt }

    package func isOpen(at now: Timestamp) -> Bool {
        usedAt == nil && now < expiresAt
    }

    /// How long a link may be open.
    package static let lifetimeSeconds = 60...7 * 86_400
    package static let defaultLifetimeSeconds = 3_600
    /// A link that was used or has expired is known as such for this long, and then forgotten.
    package static let rememberedSeconds: Int64 = 7 * 86_400
    /// Of one peer, those that were used or have expired among them.
    package static let most = 100
}
