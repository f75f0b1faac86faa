/// Which peers are asked for: those that meet all conditions. Nil leaves a condition out.
package struct PeerFilter: Equatable, Sendable {
    /// How many peers may be asked for by their ids: as many as a page has at most.
    package static let mostIDs = Page.sizes.upperBound

    package var ids: [PeerID]?
    package var gatewayID: GatewayID?
    package var networkID: NetworkID?
    package var name: String?
    package var nameContains: String?
    /// A part of the name or of the address, or the beginning of the public key.
    package var search: String?
    package var connection: PeerConnection?
    /// Heard at this time or later.
    package var lastSeenFrom: Timestamp?
    /// Heard, but only before this time.
    package var lastSeenBefore: Timestamp?
    package var configState: ConfigState?

    package init() {}
}
