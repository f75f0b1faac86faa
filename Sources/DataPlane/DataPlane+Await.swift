import NetAddress
import SystemIO
import WireGuardEngine

/// The data plane's callbacks as awaitable calls for the control side: each returns when the worker
/// has done it.
extension DataPlane {
    /// The port that is listened on.
    @discardableResult
    func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(SystemError) -> UInt16 {
        let (openings, opening) = AsyncStream<Void>.makeStream()
        let port = try openGateway(handle, configuration, listen: listen, placement: placement) {
            opening.yield()
        }
        for await _ in openings { break }
        return port
    }

    func close(_ handle: GatewayHandle, placement: UInt32) async {
        await withCheckedContinuation { continuation in
            closeGateway(handle, placement: placement) { continuation.resume() }
        }
    }

    func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        await withCheckedContinuation { continuation in
            apply(changes, placement: placement) { continuation.resume() }
        }
    }

    /// What all workers have counted since the last report.
    ///
    /// Packets of a peer that is gone may be under way on other workers when it goes, and are not any more when each
    /// worker has reported: so its account is read behind that.
    package func report() async -> DataPlaneReport {
        let left = withCarried { $0.accounts.takeLeft() }
        let reports = await reports()
        return withCarried { carried in
            var whole = DataPlaneReport()
            // Before those of the peers: no quota is told to last for longer than it does.
            whole.addReadings(carried)
            whole.io = reports.sorted { $0.worker < $1.worker }.map(\.io)
            for report in reports {
                whole.interfaceDrops = whole.interfaceDrops + report.interfaceDrops
                whole.add(report, carried)
                carried.add(report.chargedPeers)
            }
            whole.addUsage(of: reports, carried)
            whole.addUsage(behind: left, &carried)
            return whole
        }
    }

    /// One report of every worker.
    func reports() async -> [WorkerReport] {
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
}
