public import WireGuardEngine

/// What one worker saw.
public struct WorkerReport: Sendable {
    /// Its number among the workers.
    public var worker = 0
    /// The peers whose counters changed since the last report.
    public var peers: [PeerReport] = []
    /// Of every gateway, since it was opened.
    public var drops: [GatewayHandle: DropCounters] = [:]
    /// Of all sockets that the worker ever had.
    public var io = IOCounters()

    public init() {}
}
