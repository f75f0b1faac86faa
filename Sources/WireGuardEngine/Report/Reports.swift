import Synchronization

/// What the control side learns of the data plane.
extension Engine {
    /// Calls `body` for every peer whose counters changed since the last call.
    public mutating func collectReports(_ body: (PeerReport) -> Void) {
        for due in dueReports {
            guard let peer = find(due.gateway)?.pointee.peers.find(due.peer) else { continue }
            // What comes after this counts for the next report.
            peer.pointee.traffic.withLock { $0.isReportDue = false }
            body(Self.report(of: peer))
        }
        dueReports.removeAll(keepingCapacity: true)
    }

    public func report(of handle: PeerHandle) -> PeerReport? {
        peers.find(handle).map { Self.report(of: $0) }
    }

    /// On all workers.
    public func drops(of handle: GatewayHandle) -> DropCounters? {
        find(handle)?.pointee.drops.counters
    }

    private static func report(of peer: PeerPointer) -> PeerReport {
        peer.pointee.traffic.withLock { traffic in
            PeerReport(
                peer: peer.pointee.handle,
                endpoint: traffic.path?.remote,
                lastSeen: traffic.lastSeen,
                latestHandshake: traffic.latestHandshake,
                receivedBytes: traffic.receivedBytes,
                receivedPackets: traffic.receivedPackets,
                sentBytes: traffic.sentBytes,
                sentPackets: traffic.sentPackets
            )
        }
    }
}
