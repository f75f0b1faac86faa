/// What the control side learns of the data plane.
extension Engine {
    /// Calls `body` for every peer whose counters changed since the last call.
    public mutating func collectReports(_ body: (PeerReport) -> Void) {
        for handle in dueReports {
            guard let peer = peers.find(handle) else { continue }
            peer.pointee.isReportDue = false
            body(Self.report(of: peer))
        }
        dueReports.removeAll(keepingCapacity: true)
    }

    public func report(of handle: PeerHandle) -> PeerReport? {
        peers.find(handle).map { Self.report(of: $0) }
    }

    public func drops(of handle: GatewayHandle) -> DropCounters? {
        find(handle)?.pointee.drops
    }

    private static func report(of peer: PeerPointer) -> PeerReport {
        PeerReport(
            peer: peer.pointee.handle,
            endpoint: peer.pointee.path?.remote,
            lastSeen: peer.pointee.lastSeen,
            latestHandshake: peer.pointee.latestHandshake,
            receivedBytes: peer.pointee.receivedBytes,
            receivedPackets: peer.pointee.receivedPackets,
            sentBytes: peer.pointee.sentBytes,
            sentPackets: peer.pointee.sentPackets
        )
    }
}
