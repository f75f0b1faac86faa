import GatewayDomain
import GatewayStore
package import NetAddress
package import NodeProtocol

// The reports of a node on another machine, which may come twice.
extension LocalNodeFeed {
    /// Takes a report once, however often it comes: its number is stored in the transaction that adds what it
    /// says.
    ///
    /// - Parameter source: where it came from.
    @discardableResult
    package func count(
        _ report: NodeReport,
        from source: IPAddress? = nil
    ) async throws -> ReportAnswer {
        let (seen, uses) = try await controlPlane.change {
            tx -> (Seen?, [LimitSubject: QuotaUse]) in
            let node = try reader.node(tx.db)
            let isNew = try NodeCredentials.noteReport(
                of: node.id,
                generation: report.number.generation,
                sequence: report.number.sequence,
                at: tx.time,
                tx.db
            )
            guard isNew else { return (nil, [:]) }
            let content = report.content.correctingTimes(of: report.time, at: tx.time)
            try tx.take(content.gateways, of: node, asOf: content.revision ?? .max)
            let (peers, uses) = try tx.take(content.peers, of: node)
            let gateways = Set(try NodeTables.gateways(of: node.id, tx.db))
            let seen = try Seen(content, gateways, peers) { try NodeTables.has($0, node, tx.db) }
            if let server = controlPlane.server {
                var shared = content
                (shared.trouble, shared.traffic) = (seen.trouble, seen.traffic)
                try tx.relay(shared, of: node.id, from: source, by: server)
            }
            return (seen, uses)
        }
        let answer = ReportAnswer(counted: report.number.sequence, uses: uses)
        guard let seen else { return answer }
        try await self.report(links: report.content.links)
        self.report(trouble: seen.trouble)
        self.report(traffic: seen.traffic)
        return answer
    }

    /// The last report of the generation that was counted; zero for none.
    package func countedSequence(of generation: String) async throws -> Int64 {
        try await controlPlane.store.read { db in
            let node = try reader.node(db)
            return try NodeCredentials.countedSequence(of: node.id, generation: generation, db)
        }
    }
}

/// What is kept in memory of a report, as far as the node may say it.
private struct Seen {
    var trouble: TroubleReport
    var traffic: TrafficReport

    init(
        _ content: ReportContent,
        _ gateways: Set<GatewayID>,
        _ peers: Set<PeerID>,
        has: (PeerID) throws -> Bool
    ) throws {
        func isKnown(_ peer: PeerID) throws -> Bool { try peers.contains(peer) || has(peer) }
        trouble = TroubleReport(
            peers: try content.trouble.peers.filter { try isKnown($0.key) },
            drops: content.trouble.drops.filter { gateways.contains($0.key) },
            strangers: content.trouble.strangers.filter { gateways.contains($0.key) }
        )
        traffic = TrafficReport()
        // What is said of one peer may stand in two reports.
        traffic.peers = try content.traffic.peers.filter {
            try gateways.contains($0.gatewayID) && isKnown($0.id)
        }
        traffic.drops = content.traffic.drops.filter { gateways.contains($0.key) }
    }
}

extension ReportContent {
    /// Less is the time that a report takes.
    private static let mostSecondsApart: UInt64 = 60

    /// The times of a node whose clock is wrong, by the server's.
    fileprivate func correctingTimes(of clock: Timestamp, at time: Timestamp) -> ReportContent {
        let ahead = clock.microseconds - time.microseconds
        guard ahead.magnitude > Self.mostSecondsApart * 1_000_000 else { return self }
        func corrected(_ time: Timestamp?) -> Timestamp? {
            time.map { Timestamp(microseconds: $0.microseconds &- ahead) }
        }
        var content = self
        for index in content.peers.indices {
            content.peers[index].lastSeen = corrected(content.peers[index].lastSeen)
            content.peers[index].latestHandshakeAt =
                corrected(content.peers[index].latestHandshakeAt)
            content.peers[index].latestEchoAt = corrected(content.peers[index].latestEchoAt)
            content.peers[index].usageAdded = content.peers[index].usageAdded.moved {
                $0.setBack(byMicroseconds: ahead)
            }
        }
        return content
    }
}
