/// Which links are asked for: those that meet all conditions. Nil leaves a condition out.
package struct BackboneLinkFilter: Equatable, Sendable {
    package var networkID: NetworkID?
    /// One of its two gateways.
    package var gatewayID: GatewayID?

    package init(networkID: NetworkID? = nil, gatewayID: GatewayID? = nil) {
        self.networkID = networkID
        self.gatewayID = gatewayID
    }
}
