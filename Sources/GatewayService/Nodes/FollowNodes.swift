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
        let begun =
            try await server == nil
            ? beginHere(caller.nodeID, greeting.process, at: time)
            : nil
        do {
            return try await change { tx in
                let session = try begun ?? tx.session(of: caller.nodeID, greeting.process, at: self)
                try tx.change(of: caller.nodeID) { node, time in
                    if node.presence != .connected { node.presenceSince = time }
                    node.presence = .connected
                    node.version = greeting.version
                    node.lastSeenAt = time
                }
                return session
            }
        } catch SessionRefusal.another {
            try await refuseSecondSession(of: caller.nodeID)
        } catch {
            if let begun { _ = nodeSessions.end(begun) }
            throw error
        }
    }

    /// Where all sessions are here.
    private func beginHere(
        _ node: NodeID,
        _ process: String,
        at time: Timestamp
    ) async throws -> NodeSession {
        let session = nodeSessions.begin(of: node, process: process, at: time)
        guard let session else { try await refuseSecondSession(of: node) }
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

    /// The node, whose session is at another server, is heard of here: a balancer has brought its report.
    package func nodeReported(_ caller: NodeCaller, _ word: NodeWord = NodeWord()) async {
        await note(caller.nodeID, word)
    }

    /// Where the session of a process is, as far as another server has it.
    ///
    /// - Returns: false for none.
    /// - Throws: `ServiceError.node` with `secondSession` where another process of the node has one.
    package func hasSessionElsewhere(_ caller: NodeCaller, process: String) async throws -> Bool {
        guard server != nil else { return false }
        let time = now()
        let (stream, isFree) = try await store.read { db in
            (
                try NodeStreams.find(caller.nodeID, db),
                try NodeStreams.isFree(caller.nodeID, for: process, at: time, db)
            )
        }
        guard isFree else { try await refuseSecondSession(of: caller.nodeID) }
        return stream?.process == process
    }

    /// The same of the node inside of the server, which has no session.
    func noteEmbedded(_ node: NodeID, revision: Int64) {
        _ = nodeSessions.note(
            node,
            NodeWord(revision: revision),
            at: now(),
            storingEvery: storingSeconds
        )
    }

    /// Nothing waits for the storage, which may fail.
    private func note(_ node: NodeID, _ word: NodeWord) async {
        let time = now()
        guard nodeSessions.note(node, word, at: time, storingEvery: storingSeconds) else { return }
        try? await change { [isShared = server != nil] tx in
            try Nodes.noteSeen(node, at: tx.time, tx.db)
            if isShared { try NodeStreams.noteHeard(of: node, at: tx.time, tx.db) }
        }
    }

    /// Other servers have nothing but what is stored.
    private var storingSeconds: Int64 { server == nil ? 60 : 5 }

    /// The session is over: the connection is lost, or was closed.
    package func nodeDisconnected(_ session: NodeSession) async {
        guard nodeSessions.end(session) else { return }
        let seen = nodeSessions.heard(of: session.nodeID)?.at
        try? await change { [server] tx in
            if let server {
                let isOwn = try NodeStreams.delete(
                    of: session.nodeID,
                    at: server.text,
                    number: session.number,
                    tx.db
                )
                // It has found another server.
                guard isOwn else { return }
            }
            try tx.change(of: session.nodeID) { node, time in
                guard node.presence == .connected else { return }
                node.presence = .away
                node.presenceSince = time
                node.lastSeenAt = seen ?? node.lastSeenAt
            }
        }
    }

    /// Turns away a process beside the one that is connected, and shows that. Its last time is in memory: a process
    /// that tries again and again fills no journal.
    ///
    /// - Throws: `ServiceError.node` with `secondSession`.
    package func refuseSecondSession(of node: NodeID) async throws -> Never {
        nodeSessions.noteRefusal(of: node, at: now())
        try await change { tx in
            try tx.change(of: node) { node, time in
                if let noted = node.secondSessionAt, noted.advanced(bySeconds: 60) > time { return }
                node.secondSessionAt = time
            }
        }
        throw ServiceError.node(.secondSession)
    }
}

/// Another process of the node has a session.
private enum SessionRefusal: Error {
    case another
}

extension Transaction {
    /// Begins a session that other servers know of. It is in memory before it is stored, so that `prolongLife` takes neither for
    /// a remainder.
    fileprivate func session(
        of node: NodeID,
        _ process: String,
        at controlPlane: ControlPlane
    ) throws -> NodeSession {
        guard let server = controlPlane.server,
            try NodeStreams.isFree(node, for: process, at: time, db)
        else { throw SessionRefusal.another }
        let session = controlPlane.nodeSessions.replace(of: node, process: process, at: time)
        try NodeStreams.put(
            NodeStreams.Stream(
                nodeID: node,
                server: server.text,
                number: session.number,
                process: process,
                beganAt: time
            ),
            db
        )
        return session
    }

    func change(
        of id: NodeID,
        _ body: (inout GatewayNode, Timestamp) -> Void
    ) throws {
        guard let old = try Nodes.find(id, db) else {
            throw ServiceError.node(.credentialUnknown)
        }
        var node = old
        body(&node, time)
        guard node != old else { return }
        node.updatedAt = time
        try Nodes.update(node, db)
        try noteNode(old, node)
    }
}

extension Transaction {
    /// The embedded node is what the settings say; the others were not heard of while no server ran.
    ///
    /// - Parameter isAlone: whether no other server can be running.
    func followNodes(isAlone: Bool) throws {
        try followEmbeddedNode()
        for old in try Nodes.all(db) {
            var node = old
            if old.isEmbedded {
                guard settings.hasEmbeddedNode else { continue }
                node.regionCodes = settings.regions.map(\.code)
                node.host = settings.publicHost
                node.ports = PortRange(settings.portRange)
            } else if isAlone, old.presence == .connected {
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

extension Transaction {
    private static let embeddedName = "embedded"

    /// A server has a node inside of it, or every gateway is on other machines. In a database that was moved, the
    /// embedded node may have gateways: it becomes one like others, and a machine that joins as this node carries them
    /// where peers know them.
    fileprivate func followEmbeddedNode() throws {
        let embedded = try Nodes.embedded(db)
        switch (settings.hasEmbeddedNode, embedded) {
        case (true, nil):
            let node = GatewayNode(
                id: .random(),
                name: try freeNodeName(),
                regionCodes: settings.regions.map(\.code),
                host: settings.publicHost,
                ports: PortRange(settings.portRange),
                isEmbedded: true,
                presence: .connected,
                presenceSince: time,
                createdAt: time,
                updatedAt: time
            )
            try Nodes.insert(node, db)
        case (false, let node?) where node.activity.gatewaysCount == 0:
            try Nodes.delete(node, db)
            if let organization = try Installation.operatorOrganizationID(db) {
                try journal.deleted(.node(node, of: organization))
            }
        case (false, let old?):
            try change(of: old.id) { node, time in
                node.isEmbedded = false
                node.presence = .away
                node.presenceSince = time
            }
        case (true, _?), (false, nil): break
        }
    }

    /// One that was embedded before may still have the name.
    private func freeNodeName() throws -> String {
        let taken = Set(try Nodes.all(db).map(\.name))
        var (name, number) = (Self.embeddedName, 1)
        while taken.contains(name) {
            number += 1
            name = "\(Self.embeddedName)-\(number)"
        }
        return name
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
