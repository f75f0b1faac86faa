package import GatewayDomain
import GatewayStore

extension Verb<Peer> {
    /// Deletes a peer. Its address goes into quarantine before another peer gets it.
    package static func deletePeer(
        _ id: PeerID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let peer = try Peers.find(id, in: caller.scope, reading: .forDeletion, tx.db)
            else { throw ServiceError.notFound }
            try precondition.check(peer.updatedAt)
            // Nil for a damaged peer that does not name its gateway.
            let gateway = try Gateways.find(
                peer.gatewayID,
                in: caller.scope,
                reading: .forDeletion,
                tx.db
            )
            if let gateway,
                let defaultGateway = try DefaultGateways.find(
                    of: gateway.networkID,
                    of: peer.organizationID,
                    reading: .forDeletion,
                    tx.db
                ), defaultGateway.peerID == id
            {
                try defaultGateway.delete(tx)
            }
            try tx.deleteLinks(to: peer, in: gateway?.networkID)
            try tx.deleteLimits(of: [.peer(id)])
            try Peers.delete(peer, of: gateway, at: tx.time, tx.db)
            try tx.journal.deleted(.peer(peer, in: gateway?.networkID))
            return peer
        }
    }
}
