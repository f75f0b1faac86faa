import GatewayDomain
import GatewayStore
import Synchronization

/// Each server on a database has a lease in its own name. Nodes whose server has none any more are away, unless they have
/// found another server by then.
extension ServerID {
    static let leasePrefix = "server "
    /// A server that is killed is missed after this.
    static let leaseSeconds: Int64 = 6
    package static let renewalInterval = Duration.seconds(2)
    /// How long an ended lease is remembered.
    static let rememberedSeconds: Int64 = 86_400

    var leaseName: String { Self.leasePrefix + text }
}

/// Since when a server has prolonged its lease in time.
final class ServerLife: Sendable {
    private let state = Mutex<(epoch: Int64, since: Timestamp)?>(nil)

    /// - Returns: since when the server has had the lease without a gap.
    func note(_ lease: Lease, at time: Timestamp) -> Timestamp {
        state.withLock { state in
            if let state, state.epoch == lease.epoch { return state.since }
            state = (lease.epoch, time)
            return time
        }
    }
}

extension ControlPlane {
    /// Prolongs the lease of this server, and looks after the nodes of servers that have none any more. To be called every
    /// `ServerID.renewalInterval`. Any server may do it: what it finds out and writes is in one transaction.
    package func prolongLife() async throws {
        guard let server else { return }
        let taken = try await change { tx -> Set<NodeID> in
            guard
                let lease = try tx.lease(
                    server.leaseName,
                    for: server,
                    seconds: ServerID.leaseSeconds
                )
            else { preconditionFailure("no other server has this name") }
            let taken = try tx.followStreams(at: server, nodeSessions)
            // While the database was away, no server could prolong its lease: each has its time to do so first.
            let since = life.note(lease, at: tx.time)
            if since.advanced(bySeconds: ServerID.leaseSeconds) <= tx.time {
                try tx.endLostStreams()
            }
            try tx.trimRelayedReports()
            _ = try Leases.delete(
                named: ServerID.leasePrefix,
                endedBefore: tx.time.advanced(bySeconds: -ServerID.rememberedSeconds),
                tx.db
            )
            return taken
        }
        for node in taken { nodeSessions.end(of: node) }
    }

    /// Ends the sessions of all nodes where a newer version has taken over the database: at its servers they are
    /// heard. To be called where the life was not prolonged.
    package func giveNodesAway(after error: any Error) {
        guard case ServiceError.storageUnavailable(.newerSchema) = error else { return }
        for node in nodeSessions.live.keys { nodeSessions.end(of: node) }
    }

    /// The server stops: others need not wait for the end of its lease.
    package func endLife() async throws {
        guard let server else { return }
        try await change { tx in
            for name in [server.leaseName, Self.housekeepingLease, Self.webhookLeaseName] {
                guard let stored = try Leases.find(name, tx.db) else { continue }
                try tx.resign(Lease(name: name, holder: server, epoch: stored.epoch))
            }
        }
    }
}

extension Transaction {
    /// Compares what is stored of this server's sessions with those that there are.
    ///
    /// - Returns: nodes whose session has gone to another server, or was ended by one. Their streams end, and they come again.
    fileprivate func followStreams(
        at server: ServerID,
        _ sessions: NodeSessions
    ) throws -> Set<NodeID> {
        var live = sessions.live
        for stream in try NodeStreams.all(at: server.text, db) {
            if live.removeValue(forKey: stream.nodeID) == stream.number { continue }
            // Its end could not be stored.
            _ = try NodeStreams.delete(
                of: stream.nodeID,
                at: server.text,
                number: stream.number,
                db
            )
            try noteAway(stream.nodeID, seenAt: stream.heardAt)
        }
        return Set(live.keys)
    }

    fileprivate func endLostStreams() throws {
        for node in try NodeStreams.lost(leases: ServerID.leasePrefix, at: time, db) {
            let heardAt = try NodeStreams.find(node, db)?.heardAt
            try NodeStreams.delete(of: node, db)
            try noteAway(node, seenAt: heardAt)
        }
    }

    private func noteAway(_ id: NodeID, seenAt: Timestamp?) throws {
        try change(of: id) { node, time in
            guard node.presence == .connected else { return }
            node.presence = .away
            node.presenceSince = time
            node.lastSeenAt = [node.lastSeenAt, seenAt].compactMap(\.self).max()
        }
    }
}

/// The one session of a node, where several servers may have it.
extension NodeStreams {
    /// A node that is silent for longer has lost its connection, and its server has not noticed.
    private static let longestSilence: Int64 = 35

    /// - Parameter process: of the node. It may go from one server to another at any time.
    /// - Returns: whether no other process of the node has a session, at whichever server.
    static func isFree(
        _ node: NodeID,
        for process: String,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> Bool {
        guard let stream = try find(node, db), stream.process != process else { return true }
        if stream.heardAt.advanced(bySeconds: Self.longestSilence) <= time { return true }
        let lease = try Leases.find(ServerID(text: stream.server).leaseName, db)
        guard let lease else { return true }
        return lease.endsAt <= time
    }
}
