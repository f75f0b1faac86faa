package import GatewayDomain
import GatewayStore

/// What a node says when it connects.
package struct NodeGreeting: Sendable {
    /// Names the node's process, and is another one after each start.
    package let process: String
    package let version: String
    /// By the node's clock.
    package let time: Timestamp

    package init(process: String, version: String, time: Timestamp) {
        self.process = process
        self.version = version
        self.time = time
    }
}

/// Which nodes are connected. What carries the connections calls this; it need not know more of a session than
/// whether it is the current one.
extension ControlPlane {
    /// Begins the one session of a node.
    ///
    /// - Throws: `ServiceError.node` with `secondSession` while another process of the node has one, and with
    ///   `clockDiffers`.
    package func nodeConnected(
        _ caller: NodeCaller,
        _ greeting: NodeGreeting
    ) async throws -> NodeSession {
        let time = now()
        try greeting.time.requireNear(time)
        guard
            let session = nodeSessions.begin(
                of: caller.nodeID,
                process: greeting.process,
                at: time
            )
        else { try await refuseSecondSession(of: caller.nodeID) }
        do {
            try await change(of: caller.nodeID) { node, time in
                if node.presence != .connected { node.presenceSince = time }
                node.presence = .connected
                node.version = greeting.version
                node.lastSeenAt = time
            }
        } catch {
            _ = nodeSessions.end(session)
            throw error
        }
        return session
    }

    /// Whether the node's messages of this session count: it was deleted, has joined anew, or another session has
    /// taken its place otherwise.
    package func isCurrent(_ session: NodeSession) -> Bool { nodeSessions.isCurrent(session) }

    /// The node is heard of.
    package func nodeReported(_ session: NodeSession, _ word: NodeWord = NodeWord()) async {
        guard isCurrent(session) else { return }
        await note(session.nodeID, word)
    }

    /// The same of the node inside of the server, which has no session.
    func noteEmbedded(_ node: NodeID, revision: Int64) {
        _ = nodeSessions.note(node, NodeWord(revision: revision), at: now())
    }

    /// Nothing waits for the storage, which may fail.
    private func note(_ node: NodeID, _ word: NodeWord) async {
        let time = now()
        guard nodeSessions.note(node, word, at: time) else { return }
        try? await change { tx in try Nodes.noteSeen(node, at: time, tx.db) }
    }

    /// The session is over: the connection is lost, or was closed.
    package func nodeDisconnected(_ session: NodeSession) async {
        guard nodeSessions.end(session) else { return }
        let seen = nodeSessions.heard(of: session.nodeID)?.at
        try? await change(of: session.nodeID) { node, time in
            guard node.presence == .connected else { return }
            node.presence = .away
            node.presenceSince = time
            node.lastSeenAt = seen ?? node.lastSeenAt
        }
    }

    /// Turns away a process beside the one that is connected, and shows that. Its last time is in memory: a process
    /// that tries again and again fills no journal.
    ///
    /// - Throws: `ServiceError.node` with `secondSession`.
    package func refuseSecondSession(of node: NodeID) async throws -> Never {
        nodeSessions.noteRefusal(of: node, at: now())
        try await change(of: node) { node, time in
            if let noted = node.secondSessionAt, noted.advanced(bySeconds: 60) > time { return }
            node.secondSessionAt = time
        }
        throw ServiceError.node(.secondSession)
    }

    private func change(
        of id: NodeID,
        _ body: @Sendable (inout GatewayNode, Timestamp) -> Void
    ) async throws {
        try await change { tx in
            guard let old = try Nodes.find(id, tx.db) else {
                throw ServiceError.node(.credentialUnknown)
            }
            var node = old
            body(&node, tx.time)
            guard node != old else { return }
            node.updatedAt = tx.time
            try Nodes.update(node, tx.db)
            try tx.noteNode(old, node)
        }
    }
}

extension Transaction {
    /// The embedded node is what the settings say; the others were not heard of while no server ran.
    func followNodes() throws {
        for old in try Nodes.all(db) {
            var node = old
            if old.isEmbedded {
                node.regionCodes = settings.regions.map(\.code)
                node.host = settings.publicHost
                node.ports = PortRange(settings.portRange)
            } else if old.presence == .connected {
                node.presence = .away
                node.presenceSince = time
            }
            guard node != old else { continue }
            node.updatedAt = time
            try Nodes.update(node, db)
            // The first start has no organization yet in whose journal it could stand.
            if try Installation.operatorOrganizationID(db) != nil { try noteNode(old, node) }
            try followHost(of: node)
        }
    }
}

extension ControlPlane {
    /// The node of a session, the timeline that its feed is of, and the time.
    package func node(
        of session: NodeSession
    ) async throws -> (node: GatewayNode, timeline: String, time: Timestamp) {
        try await store.read { db in
            guard let node = try Nodes.find(session.nodeID, db) else {
                throw ServiceError.node(.credentialUnknown)
            }
            return (node, try Installation.timeline(db), now())
        }
    }
}
