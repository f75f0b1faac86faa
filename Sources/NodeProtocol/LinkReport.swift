package import GatewayDomain

/// What a node says of its end of a link: at once when the state is another one, and now and then for the
/// figures.
package struct LinkReport: Equatable, Sendable {
    package let id: BackboneLinkID
    /// The gateway of the node that reports.
    package let gatewayID: GatewayID
    package let state: LinkState
    /// The gateway over which packets go around; nil where they do not.
    package let viaGatewayID: GatewayID?
    package let roundTripMicroseconds: Int?
    package let lossPercent: Int?

    package init(
        id: BackboneLinkID,
        gatewayID: GatewayID,
        state: LinkState,
        viaGatewayID: GatewayID? = nil,
        roundTripMicroseconds: Int? = nil,
        lossPercent: Int? = nil
    ) {
        self.id = id
        self.gatewayID = gatewayID
        self.state = state
        self.viaGatewayID = viaGatewayID
        self.roundTripMicroseconds = roundTripMicroseconds
        self.lossPercent = lossPercent
    }
}
