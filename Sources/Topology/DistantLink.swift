/// What a gateway is told of a link that is not its own, between two other gateways of its network.
package struct DistantLink: Equatable, Sendable {
    package let isUp: Bool
    package let roundTrip: Duration?

    package init(isUp: Bool, roundTrip: Duration? = nil) {
        self.isUp = isUp
        self.roundTrip = roundTrip
    }
}
