import NetAddress
package import WireGuardEngine

/// The data plane's callbacks as awaitable calls for the control side: each returns when the worker
/// has done it.
extension DataPlane {
    /// The port that is listened on.
    @discardableResult
    package func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(DataPlaneError) -> UInt16 {
        let (openings, opening) = AsyncStream<Void>.makeStream()
        let port = try openGateway(handle, configuration, listen: listen, placement: placement) {
            opening.yield()
        }
        for await _ in openings { break }
        return port
    }

    package func close(_ handle: GatewayHandle, placement: UInt32) async {
        await withCheckedContinuation { continuation in
            closeGateway(handle, placement: placement) { continuation.resume() }
        }
    }

    package func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        await withCheckedContinuation { continuation in
            apply(changes, placement: placement) { continuation.resume() }
        }
    }

    /// One report of every worker.
    package func reports() async -> [WorkerReport] {
        let (reports, continuation) = AsyncStream.makeStream(of: WorkerReport.self)
        collectReports { continuation.yield($0) }
        var collected: [WorkerReport] = []
        for await report in reports.prefix(workerCount) { collected.append(report) }
        return collected
    }

    /// Returns when every worker has answered, and so none stands still.
    package func heartbeat() async {
        let (heartbeats, continuation) = AsyncStream<Void>.makeStream()
        collectHeartbeats { continuation.yield() }
        for await _ in heartbeats.prefix(workerCount) {}
    }

    /// Starts handshakes with peers whose sessions a restart has ended, which would need 15 seconds to
    /// notice. Packets are carried between the batches. Ends early when its task is cancelled.
    package func call(_ peers: [PeerHandle], placement: UInt32) async {
        for start in stride(from: 0, to: peers.count, by: Self.callBatch) where !Task.isCancelled {
            let batch = peers[start..<min(start + Self.callBatch, peers.count)]
            await apply(batch.map { .initiateHandshake($0) }, placement: placement)
        }
    }

    /// Peers heard within this time before a restart are called: a client with a keepalive was heard
    /// within seconds of the stop, and a restart takes minutes at most.
    package static let callWithinSeconds: UInt64 = 600
    private static let callBatch = 64
}
