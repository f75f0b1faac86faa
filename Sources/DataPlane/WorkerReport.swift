public import WireGuardEngine

/// What one worker has counted.
public struct WorkerReport: Sendable {
    /// Its number among the workers.
    public var worker = 0
    /// The peers whose counters changed since the last report.
    public var peers: [ActivityReport] = []
    /// Of every gateway that the worker owns, since it was opened.
    public var drops: [GatewayHandle: DropCounters] = [:]
    /// Of the gateways that the worker owns, where there are new ones since the last report.
    public var newStrangers: [GatewayHandle: [Stranger]] = [:]
    /// Of all sockets that the worker ever had.
    public var io = IOCounters()

    public init() {}
}

/// A gateway and some of its peers, as its owner has them.
public struct GatewaySlice: Sendable {
    public let port: UInt16
    public let state: GatewayState
}
