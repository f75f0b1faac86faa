package import GatewayDomain
import GatewayStore

/// What a link gave away, for the one who opened it.
package struct OpenedPeerShare: Sendable {
    /// By which the tunnel is called. Nil where the network is gone, or its row damaged.
    package let networkName: String?
    /// The text of the config file.
    package let config: String
}

extension ControlPlane {
    /// The share of a link that can be opened. Reading it changes nothing: programs that look at links
    /// before people do use none up.
    ///
    /// - Throws: `notFound`, or `linkIsSpent` for a link that was used or has expired.
    package func peerShare(behind secret: LinkSecret) async throws -> PeerShare {
        let time = now()
        return try await store.read { db in try candidate(secret, at: time, db) }.share
    }

    /// Gives the file behind a link away. When this returns, it is on disk that the link was used: a server
    /// that stops in between has used up the link without an answer, but never gives two.
    ///
    /// - Throws: as `peerShare(behind:)` does.
    package func openPeerShare(
        behind secret: LinkSecret,
        requestID: String
    ) async throws -> OpenedPeerShare {
        // A wrong link does not make the writers wait.
        _ = try await peerShare(behind: secret)
        return try await change(requestID: requestID) { tx in
            let found = try candidate(secret, at: tx.time, tx.db)
            var share = found.share
            guard let sealed = found.sealedConfig,
                let config = secret.open(sealed, of: share.id)
            else { throw ServiceError.linkIsSpent }
            share.usedAt = tx.time
            try PeerShares.setUsed(share, tx.db)
            try ConfigRevisions.noteFetch(
                of: share.peerID,
                revision: share.configRevision,
                fullTunnel: share.isFullTunnel,
                tx.db
            )
            let scope = Scope(organizationID: share.organizationID)
            let networkID = try tx.network(of: share.peerID, in: scope)
            try tx.journal.updated(
                .peerShare(found.share, in: networkID),
                to: .peerShare(share, in: networkID)
            )
            let network = try networkID.flatMap {
                try Networks.find($0, in: scope, reading: .forDeletion, tx.db)
            }
            return OpenedPeerShare(networkName: network?.name, config: config)
        }
    }

    private func candidate(
        _ secret: LinkSecret,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> PeerShares.HashedShare {
        let hash = secret.hash
        let candidates = try PeerShares.candidates(forHash: hash, db)
        guard let found = candidates.first(where: { KeyHash.isEqual($0.hash, hash) }) else {
            throw ServiceError.notFound
        }
        guard found.share.isOpen(at: time) else { throw ServiceError.linkIsSpent }
        return found
    }
}
