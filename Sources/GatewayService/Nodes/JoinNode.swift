package import GatewayDomain
import GatewayStore
package import WireGuardCrypto

/// What a machine says that wants to become a node.
package struct NodeApplication: Sendable {
    package let nodeID: NodeID
    /// Of the join token.
    package let secret: LinkSecret
    /// What secrets for the node are sealed to from now on.
    package let publicKey: PublicKey
    /// The region that the machine's operator means it for; nil for any.
    package let regionCode: String?
    package let version: String
    /// By the machine's clock.
    package let time: Timestamp

    package init(
        nodeID: NodeID,
        secret: LinkSecret,
        publicKey: PublicKey,
        regionCode: String?,
        version: String,
        time: Timestamp
    ) {
        self.nodeID = nodeID
        self.secret = secret
        self.publicKey = publicKey
        self.regionCode = regionCode
        self.version = version
        self.time = time
    }
}

package struct JoinedNode: Sendable {
    package let node: GatewayNode
    package let credential: NodeCredential
    package let timeline: String
}

extension ControlPlane {
    /// Lets the machine that shows a join token be its node, and no machine that was it before.
    ///
    /// - Throws: `ServiceError.node`. A token that is turned away for what the machine says beside it is not
    ///   used up.
    package func join(_ application: NodeApplication) async throws -> JoinedNode {
        // Strangers do not take the writer, for which all changes wait.
        guard try await store.read({ try application.token($0) }) != nil else {
            throw ServiceError.node(.tokenUnknown)
        }
        return try await change { [nodeSessions] tx in
            let old = try tx.node(by: application)
            var node = old
            node.presence = .away
            node.presenceSince = tx.time
            node.lastSeenAt = tx.time
            node.version = application.version
            node.publicKey = application.publicKey
            node.secondSessionAt = nil
            node.tokenExpiresAt = nil
            node.updatedAt = tx.time
            try Nodes.noteTokenUse(of: node.id, at: tx.time, tx.db)
            try NodeCredentials.deleteAll(of: node.id, tx.db)
            try NodeStreams.delete(of: node.id, tx.db)
            let credential = try tx.giveCredential(to: node.id)
            try Nodes.update(node, tx.db)
            try tx.noteNode(old, node)
            tx.afterCommit.add { [id = node.id] in nodeSessions.end(of: id) }
            return JoinedNode(
                node: node,
                credential: credential,
                timeline: try Installation.timeline(tx.db)
            )
        }
    }
}

extension NodeApplication {
    fileprivate func token(_ db: any SQLConnection) throws -> Nodes.Token? {
        let hash = secret.hash
        return try Nodes.tokens(forHash: hash, db).first { KeyHash.isEqual($0.hash, hash) }
    }
}

extension Transaction {
    fileprivate func node(by application: NodeApplication) throws -> GatewayNode {
        guard let token = try application.token(db), token.nodeID == application.nodeID,
            let node = try Nodes.find(token.nodeID, db)
        else { throw ServiceError.node(.tokenUnknown) }
        guard token.usedAt == nil else { throw ServiceError.node(.tokenUsed) }
        guard time < token.expiresAt else { throw ServiceError.node(.tokenExpired) }
        if let code = application.regionCode, !node.regionCodes.contains(code) {
            throw ServiceError.node(.regionDiffers(asked: code, has: node.regionCodes))
        }
        try application.time.requireNear(time)
        return node
    }
}

extension Timestamp {
    /// A node whose clock is far from the server's would report times that mean nothing.
    private static let mostSecondsApart: Int64 = 60 * 60

    func requireNear(_ serverTime: Timestamp) throws(ServiceError) {
        let seconds = microseconds / 1_000_000 - serverTime.microseconds / 1_000_000
        guard seconds.magnitude <= Self.mostSecondsApart.magnitude else {
            throw .node(.clockDiffers(seconds: seconds))
        }
    }
}
