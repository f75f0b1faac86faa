package import SystemIO

/// What came of bringing the data plane to a desired state.
package struct Reconciliation: Sendable {
    /// How many things are other than before. Peers that wait for their gateway count, too. Each lane of a link counts as
    /// a gateway and a peer.
    package struct Differences: Equatable, Sendable {
        package var gatewaysAdded = 0
        package var gatewaysRemoved = 0
        /// In place.
        package var gatewaysChanged = 0
        package var peersAdded = 0
        package var peersRemoved = 0
        package var peersChanged = 0

        package init() {}
    }

    package var differences = Differences()
    /// Gateways that listen since now, with their ports, also in the place of what they were before.
    package var opened: [DesiredGateway.ID: UInt16] = [:]
    /// Gateways that do not listen, and why. Every later call tries them again.
    package var unopened: [DesiredGateway.ID: SystemError] = [:]
    /// Gateways that could not move to another address or port, and why: they and their peers are as
    /// they were, and stay so until the change is asked for again.
    package var unmoved: [DesiredGateway.ID: SystemError] = [:]
    /// The same of the lanes of links, by their numbers.
    package var openedLanes: [DesiredLink.ID: [Int: UInt16]] = [:]
    package var unopenedLanes: [DesiredLink.ID: [Int: SystemError]] = [:]
    package var unmovedLanes: [DesiredLink.ID: [Int: SystemError]] = [:]
    /// Peers of opened gateways that were heard lately: they do not know that their sessions are gone
    /// (`DataPlane.call`).
    package var recentPeers: [DesiredPeer.ID] = []

    package init() {}
}
