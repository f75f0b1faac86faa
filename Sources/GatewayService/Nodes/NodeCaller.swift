package import GatewayDomain
import GatewayStore

/// A node that has shown its credential. It is not a `Caller`: it may follow its feed, report and renew its
/// credential, and no verb takes it.
package struct NodeCaller: Sendable {
    package let nodeID: NodeID
    package let expiresAt: Timestamp
    /// From when on the node should ask for the next credential.
    package let renewsAt: Timestamp
    let credentialHash: [UInt8]
}

/// What a node shows who it is with. The server keeps the hash alone.
package struct NodeCredential: Equatable, Sendable {
    package static let lifetimeDays: Int64 = 90
    static let prefix = "wgw-node-"

    package let text: String
    package let expiresAt: Timestamp
    package let renewsAt: Timestamp

    static func random(at time: Timestamp) -> NodeCredential {
        let seconds = lifetimeDays * 24 * 60 * 60
        return NodeCredential(
            text: prefix + SecretText.random(bytes: 32),
            expiresAt: time.advanced(bySeconds: seconds),
            renewsAt: time.advanced(bySeconds: seconds / 3 * 2)
        )
    }

    var hash: [UInt8] { KeyHash.of(text) }
}

extension ControlPlane {
    /// - Throws: `ServiceError.node` with `credentialUnknown` or `credentialExpired`.
    package func authenticateNode(credential text: String) async throws -> NodeCaller {
        let hash = KeyHash.of(text)
        let found = try await store.read { db in try NodeCredentials.candidates(forHash: hash, db) }
            .first { KeyHash.isEqual($0.hash, hash) }
        guard let found else { throw ServiceError.node(.credentialUnknown) }
        guard now() < found.expiresAt else { throw ServiceError.node(.credentialExpired) }
        // The node has received it: from now on the one before is not needed.
        if found.usedAt == nil {
            try await change { tx in
                try NodeCredentials.noteFirstUse(of: found, at: tx.time, tx.db)
            }
        }
        return NodeCaller(
            nodeID: found.nodeID,
            expiresAt: found.expiresAt,
            renewsAt: found.createdAt.advanced(
                bySeconds: NodeCredential.lifetimeDays * 24 * 60 * 60 / 3 * 2
            ),
            credentialHash: hash
        )
    }

    /// Gives a node its next credential. The one that it has shown stays valid until the next one is shown, or its
    /// time is over; one that it was given before and never showed, as the answer was lost, ends.
    package func renewCredential(of caller: NodeCaller) async throws -> NodeCredential {
        try await change { tx in
            guard try Nodes.find(caller.nodeID, tx.db) != nil else {
                throw ServiceError.node(.credentialUnknown)
            }
            try NodeCredentials.deleteUnused(
                of: caller.nodeID,
                except: caller.credentialHash,
                tx.db
            )
            return try tx.giveCredential(to: caller.nodeID)
        }
    }
}

extension Transaction {
    func giveCredential(to node: NodeID) throws -> NodeCredential {
        let credential = NodeCredential.random(at: time)
        try NodeCredentials.insert(
            hash: credential.hash,
            of: node,
            at: time,
            until: credential.expiresAt,
            db
        )
        return credential
    }
}
