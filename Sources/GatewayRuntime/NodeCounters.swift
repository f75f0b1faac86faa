package import DataPlane
package import GatewayDomain
package import WireGuardEngine

/// What the data plane has counted, half a second old at most.
package struct NodeCounters: Sendable {
    /// Of all sockets of all workers, since the start.
    package var io: [IOCounters] = []
    /// Of every gateway, since it was opened.
    package var drops: [(gateway: GatewayID, counters: DropCounters)] = []
    /// What left and entered through the node's interface, of the gateways where anything did.
    package var egress: [(gateway: GatewayID, traffic: EgressTraffic)] = []
    /// Of packets from the node's interface that belong to no gateway, since the start.
    package var interfaceDrops = DropCounters()
    /// What the node's firewall table has dropped, in packets, by the name of its counter; seconds old at most, and
    /// from zero on where the table is installed anew.
    package var firewallDrops: [String: Int] = [:]
}
