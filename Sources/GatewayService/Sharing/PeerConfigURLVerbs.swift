package import GatewayDomain
import GatewayStore

/// A config URL with its secret, which is shown only once.
package struct CreatedPeerConfigURL: Sendable {
    package let configURL: PeerConfigURL
    package let secret: LinkSecret
}

extension Verb<CreatedPeerConfigURL> {
    /// Makes the config URL of a peer. One that the peer had is not valid any more.
    package static func createPeerConfigURL(of id: PeerID) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let peer = try Peers.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            let network = try tx.network(of: id, in: caller.scope)
            if let old = try PeerConfigURLs.find(of: peer, reading: .forDeletion, tx.db) {
                try tx.journal.deleted(.peerConfigURL(old, in: network))
            }
            let secret = LinkSecret.random()
            let url = PeerConfigURL(
                id: .random(),
                organizationID: peer.organizationID,
                peerID: peer.id,
                createdAt: tx.time
            )
            try PeerConfigURLs.replace(with: url, hash: secret.hash, tx.db)
            try tx.journal.created(.peerConfigURL(url, in: network))
            return CreatedPeerConfigURL(configURL: url, secret: secret)
        }
    }
}

extension Verb<PeerConfigURL> {
    package static func deletePeerConfigURL(
        of id: PeerID,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let peer = try Peers.find(id, in: caller.scope, reading: .forDeletion, tx.db),
                let url = try PeerConfigURLs.find(of: peer, reading: .forDeletion, tx.db)
            else { throw ServiceError.notFound }
            try precondition.check(url.createdAt)
            try PeerConfigURLs.delete(url, tx.db)
            try tx.journal.deleted(
                .peerConfigURL(url, in: try tx.network(of: id, in: caller.scope))
            )
            return url
        }
    }
}
