public import WireGuardEngine

/// What one worker has counted.
struct WorkerReport: Sendable {
    /// Its number among the workers.
    var worker = 0
    /// The peers whose counters changed since the last report.
    var peers: [ActivityReport] = []
    /// Those that the worker was the first to charge since the last report.
    var chargedPeers: [ChargedPeer] = []
    /// Of every gateway that the worker owns, since it was opened.
    var drops: [GatewayHandle: DropCounters] = [:]
    /// Of the gateways that the worker owns, where there are new ones since the last report.
    var newStrangers: [GatewayHandle: [Stranger]] = [:]
    /// Of packets from the interface that belong to no gateway.
    var interfaceDrops = DropCounters()
    /// What left and entered through the interface, of the gateways that the worker owns.
    var egress: [GatewayHandle: EgressTraffic] = [:]
    /// Of all sockets that the worker ever had.
    var io = IOCounters()
}

/// A gateway and some of its peers, as its owner has them.
public struct GatewaySlice: Sendable {
    public let port: UInt16
    public let state: GatewayState
}
