package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Deletes a gateway and its peers with it. One with many peers takes several transactions: it is
    /// `deleting` for a while and takes no new peers. A server that is stopped meanwhile leaves it so,
    /// and the next request goes on.
    ///
    /// - Returns: the gateway as it was, in its last state.
    package func deleteGateway(
        _ id: GatewayID,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> Gateway {
        var condition = precondition
        while true {
            let deleted = try await perform(.deletePartOfGateway(id, if: condition), by: caller)
            if let deleted { return deleted }
            condition = .none
        }
    }
}

extension Verb<Gateway?> {
    /// The number of peers that one transaction deletes at most, because others wait for it.
    private static var batch: Int { 500 }

    /// Deletes the gateway's oldest peers, and the gateway if these were all.
    ///
    /// - Returns: nil when there is more to do.
    static func deletePartOfGateway(_ id: GatewayID, if precondition: Precondition) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let gateway = try Gateways.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try precondition.check(gateway.updatedAt)
            let deleting = gateway.deleting(at: tx.time)
            // Not by the gateway's own count of them, which may be damaged.
            let peers = try Peers.oldest(of: gateway, limit: batch + 1, tx.db)
            let isLast = peers.count <= batch
            if !isLast, gateway.status != .deleting {
                try NodeTables.setStatus(of: deleting, tx.db)
                try tx.journal.updated(.gateway(gateway), to: .gateway(deleting))
            }
            try gateway.deleteReferences(to: peers.prefix(batch), tx)
            _ = try Peers.deleteOldest(of: gateway, limit: batch, at: tx.time, tx.db)
            guard isLast else { return nil }
            try tx.deleteLimits(of: [.gateway(id)])
            try Gateways.delete(gateway, at: tx.time, tx.db)
            try tx.journal.deleted(.gateway(gateway))
            return deleting
        }
    }
}

extension Verb<Gateway> {
    /// All writers wait while their deletion is tried.
    private static var mostRehearsedPeers: Int { 5_000 }

    /// For a transaction that is not committed: the journal does not tell of what goes with the gateway.
    package static func rehearseGatewayDeletion(_ id: GatewayID) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let gateway = try Gateways.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            let limit = mostRehearsedPeers
            let deleted = try Peers.deleteOldest(of: gateway, limit: limit + 1, at: tx.time, tx.db)
            guard deleted <= limit else { throw RehearsalLimit() }
            try Gateways.delete(gateway, at: tx.time, tx.db)
            try tx.journal.deleted(.gateway(gateway))
            return gateway
        }
    }
}

extension Gateway {
    /// Deletes what goes with these peers, and writes their journal entries. The peers' rows remain.
    fileprivate func deleteReferences(to peers: ArraySlice<Peer>, _ tx: Transaction) throws {
        let defaultGateway = try DefaultGateways.find(
            of: networkID,
            of: organizationID,
            reading: .forDeletion,
            tx.db
        )
        try tx.deleteLimits(of: peers.map { .peer($0.id) })
        for peer in peers {
            if let defaultGateway, defaultGateway.peerID == peer.id {
                try defaultGateway.delete(tx)
            }
            try tx.deleteLinks(to: peer, in: networkID)
            try tx.journal.deleted(.peer(peer, in: networkID))
        }
    }

    fileprivate func deleting(at time: Timestamp) -> Gateway {
        var gateway = self
        gateway.status = .deleting
        gateway.statusReason = nil
        gateway.lacksEgress = false
        gateway.updatedAt = time
        return gateway
    }
}
