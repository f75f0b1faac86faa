import Synchronization

/// What the control side learns of the data plane.
extension Engine {
    /// Calls `body` for every peer whose counters changed since the last call.
    public mutating func collectReports(_ body: (ActivityReport) -> Void) {
        for due in dueReports {
            guard let peer = find(due.gateway)?.pointee.peers.find(due.peer) else { continue }
            // What comes after this counts for the next report.
            body(
                peer.pointee.activity.withLock { activity in
                    activity.isReportDue = false
                    return Self.report(
                        of: peer.handle,
                        activity,
                        activity.takeNewTrouble()
                    )
                }
            )
        }
        dueReports.removeAll(keepingCapacity: true)
    }

    public func report(of handle: PeerHandle) -> ActivityReport? {
        peers.find(handle).map { peer in
            peer.pointee.activity.withLock { Self.report(of: handle, $0, nil) }
        }
    }

    /// All that ever went wrong with a peer; nil if nothing did.
    public func trouble(of handle: PeerHandle) -> PeerTrouble? {
        peers.find(handle)?.pointee.activity.withLock { $0.trouble }
    }

    /// A gateway's strangers, where they are new since the last call. Of a gateway that this engine owns.
    public func takeNewStrangers(of handle: GatewayHandle) -> [Stranger]? {
        guard let gateway = find(handle), gateway.pointee.strangers.isReportDue else { return nil }
        gateway.pointee.strangers.isReportDue = false
        return gateway.pointee.strangers.all
    }

    /// On all workers.
    public func drops(of handle: GatewayHandle) -> DropCounters? {
        find(handle)?.pointee.drops.counters
    }

    /// What passed the interface in a gateway's name, on all workers.
    public func egressTraffic(of handle: GatewayHandle) -> EgressTraffic? {
        find(handle)?.pointee.egress.traffic
    }

    /// Packets from interfaces that belong to no gateway, by why they went no further.
    public var interfaceDrops: DropCounters { strayPackets }

    private static func report(
        of handle: PeerHandle,
        _ activity: PeerActivity,
        _ trouble: PeerTrouble?
    ) -> ActivityReport {
        ActivityReport(
            peer: handle,
            endpoint: activity.addressPair?.remote,
            lastSeen: activity.lastSeen,
            latestHandshake: activity.latestHandshake,
            receivedBytes: activity.receivedBytes,
            receivedPackets: activity.receivedPackets,
            sentBytes: activity.sentBytes,
            sentPackets: activity.sentPackets,
            answeredEchoes: activity.answeredEchoes,
            egress: activity.egress,
            probes: activity.probes,
            newTrouble: trouble
        )
    }
}
