package import DataPlane
package import GatewayDomain
package import WireGuardEngine

/// What the data plane has counted, half a second old at most.
package struct NodeCounters: Sendable {
    /// Of all sockets of all workers, since the start.
    package var io: [IOCounters] = []
    /// Of every gateway, since it was opened.
    package var drops: [(gateway: GatewayID, counters: DropCounters)] = []
}
