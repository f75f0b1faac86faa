/// A URL at which a device reads the config file of one peer without an API key, as often as it likes. The
/// token that it carries is not stored.
package struct PeerConfigURL: Equatable, Sendable {
    package let id: PeerConfigURLID
    package let organizationID: OrganizationID
    /// A peer has one at most.
    package let peerID: PeerID
    package let createdAt: Timestamp

    package init(
        id: PeerConfigURLID,
        organizationID: OrganizationID,
        peerID: PeerID,
        createdAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.peerID = peerID
        self.createdAt = createdAt
    }
}
