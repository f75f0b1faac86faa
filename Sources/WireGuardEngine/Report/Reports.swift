import Synchronization

/// What the control side learns of the data plane.
extension Engine {
    /// Calls `body` for every peer whose counters changed since the last call.
    public mutating func collectReports(_ body: (ActivityReport) -> Void) {
        for due in dueReports {
            guard let peer = find(due.gateway)?.pointee.peers.find(due.peer) else { continue }
            // What comes after this counts for the next report.
            peer.pointee.activity.withLock { $0.isReportDue = false }
            body(Self.report(of: peer))
        }
        dueReports.removeAll(keepingCapacity: true)
    }

    public func report(of handle: PeerHandle) -> ActivityReport? {
        peers.find(handle).map { Self.report(of: $0) }
    }

    /// On all workers.
    public func drops(of handle: GatewayHandle) -> DropCounters? {
        find(handle)?.pointee.drops.counters
    }

    private static func report(of peer: PeerPointer) -> ActivityReport {
        peer.pointee.activity.withLock { activity in
            ActivityReport(
                peer: peer.pointee.handle,
                endpoint: activity.addressPair?.remote,
                lastSeen: activity.lastSeen,
                latestHandshake: activity.latestHandshake,
                receivedBytes: activity.receivedBytes,
                receivedPackets: activity.receivedPackets,
                sentBytes: activity.sentBytes,
                sentPackets: activity.sentPackets
            )
        }
    }
}
