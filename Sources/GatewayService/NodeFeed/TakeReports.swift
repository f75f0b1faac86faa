import GatewayDomain
import GatewayStore
import NodeProtocol

// What a node says, as it is stored. It is taken at its word about its own gateways and peers, and about no
// others: a credential that was stolen changes nothing of other nodes.
extension Transaction {
    /// - Parameter revision: what the node had taken up when it reported.
    func take(
        _ reports: [GatewayReport],
        of node: GatewayNode,
        asOf revision: Int64
    ) throws {
        // Gateways are deleted by requests alone.
        for report in reports where report.standing.status != .deleting {
            let found: Gateway?
            do throws(StoreError) {
                found = try Gateways.find(report.id, db)
            } catch {
                guard case .damaged = error else { throw error }
                try NodeTables.setStatus(
                    of: report.id,
                    on: node.id,
                    to: report.standing.status,
                    because: report.standing.reason,
                    db
                )
                continue
            }
            // What is being deleted is past being provisioned.
            guard let gateway = found, gateway.nodeID == node.id, gateway.status != .deleting
            else { continue }
            // Of what was changed since, that is not true yet.
            if report.standing.status == .provisioned,
                try Events.haveChanged(.gateway, report.id, after: revision, db)
            {
                continue
            }
            var changed = gateway
            changed.status = report.standing.status
            changed.statusReason = report.standing.reason
            changed.lacksEgress = report.standing.lacksEgress
            guard changed != gateway else { continue }
            changed.updatedAt = time
            try NodeTables.setStatus(of: changed, db)
            try journal.updated(.gateway(gateway), to: .gateway(changed))
        }
    }

    /// Of peers whose gateway was moved to another node since, what the report counts is counted. The usage of peers
    /// that were deleted since is counted, too.
    ///
    /// - Returns: the peers that the node has, and what is used of the quotas that the reports concern.
    func take(
        _ reports: [PeerReport],
        of node: GatewayNode
    ) throws -> (peers: Set<PeerID>, uses: [LimitSubject: QuotaUse]) {
        var gateways: [GatewayID: GatewayActivity] = [:]
        var known: Set<PeerID> = []
        var usage = UsageIntake(of: node, self)
        for report in reports {
            let gateway = try NodeTables.addActivity(
                PeerActivity(report),
                of: report.id,
                on: node,
                db
            )
            if let gateway {
                known.insert(report.id)
                gateways[gateway, default: GatewayActivity()].add(report)
                usage.take(report, isPresent: true)
            } else if let gateway = try NodeTables.addLateCounts(
                PeerActivity(report),
                of: report.id,
                from: node.id,
                db
            ) {
                gateways[gateway, default: GatewayActivity()].count(report)
                usage.take(report, isPresent: true)
            } else {
                usage.take(report, isPresent: false)
            }
        }
        let uses = try usage.store()
        for (gateway, activity) in gateways {
            try NodeTables.addActivity(activity, of: gateway, db)
        }
        return (known, uses)
    }
}

extension PeerActivity {
    fileprivate init(_ report: PeerReport) {
        self.init(
            lastSeen: report.lastSeen,
            latestHandshakeAt: report.latestHandshakeAt,
            latestEchoAt: report.latestEchoAt,
            endpoint: report.endpoint,
            rxBytes: report.rxBytesAdded,
            txBytes: report.txBytesAdded,
            egress: report.egressAdded
        )
    }
}

extension GatewayActivity {
    fileprivate mutating func count(_ report: PeerReport) {
        rxBytes.count(report.rxBytesAdded)
        txBytes.count(report.txBytesAdded)
        egress += report.egressAdded
    }

    fileprivate mutating func add(_ report: PeerReport) {
        count(report)
        let handshakes = [latestHandshakeAt, report.latestHandshakeAt]
        latestHandshakeAt = handshakes.compactMap(\.self).max()
    }
}
