package import GatewayDomain
import GatewayStore

extension Verb<PeerShare> {
    /// Deletes a share: its link leads to nothing from then on.
    package static func revokePeerShare(
        _ id: PeerShareID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let share = try PeerShares.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(share.updatedAt)
            try PeerShares.delete(share, tx.db)
            try tx.journal.deleted(
                .peerShare(share, in: try tx.network(of: share.peerID, in: caller.scope))
            )
            return share
        }
    }
}

extension Transaction {
    /// Nil where the peer or its gateway cannot be read.
    func network(of peer: PeerID, in scope: Scope) throws -> NetworkID? {
        guard let peer = try Peers.find(peer, in: scope, reading: .forDeletion, db) else {
            return nil
        }
        return try Gateways.find(peer.gatewayID, in: scope, reading: .forDeletion, db)?.networkID
    }
}
