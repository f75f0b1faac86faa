package import GatewayDomain
import GatewayStore

extension Verb<DefaultGateway> {
    /// Gives a network its one default gateway.
    package static func createDefaultGateway(
        of id: NetworkID,
        _ request: NewDefaultGateway
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let network = try Networks.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            var reader = FieldReader()
            let peerID = try reader.optional(request.peerID) { id in
                try isPeer(id, of: network, for: caller, tx.db) ? nil : .unknownAssociation
            }
            try reader.finish()
            guard try DefaultGateways.find(of: id, of: network.organizationID, tx.db) == nil else {
                throw ServiceError.duplicateDefaultGateway
            }
            var gateway = DefaultGateway(
                id: .random(),
                organizationID: network.organizationID,
                networkID: network.id,
                peerID: peerID,
                status: .provisioning,
                createdAt: tx.time,
                updatedAt: tx.time
            )
            gateway.follow(try tx.gateway(of: gateway))
            try DefaultGateways.insert(gateway, tx.db)
            try tx.journal.created(.defaultGateway(gateway))
            return gateway
        }
    }

    /// Makes a peer the default gateway of a network, in the place of the one that is there.
    package static func replaceDefaultGateway(
        of id: NetworkID,
        _ request: NewDefaultGateway
    ) -> Verb {
        let create = createDefaultGateway(of: id, request)
        return Verb(requiring: create.permission) { tx, caller in
            guard let network = try Networks.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            let old = try DefaultGateways.find(
                of: id,
                of: network.organizationID,
                reading: .forDeletion,
                tx.db
            )
            if let old, case .value(let peer) = request.peerID.content, peer == old.peerID {
                return old
            }
            try old?.delete(tx)
            return try create.rule(tx, caller)
        }
    }

    package static func deleteDefaultGateway(of id: NetworkID) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard
                let network = try Networks.find(
                    id,
                    in: caller.scope,
                    reading: .forDeletion,
                    tx.db
                ),
                let gateway = try DefaultGateways.find(
                    of: id,
                    of: network.organizationID,
                    reading: .forDeletion,
                    tx.db
                )
            else { throw ServiceError.notFound }
            try gateway.delete(tx)
            return gateway
        }
    }
}

extension DefaultGateway {
    /// The schema would delete the row with its peer or network as well, but write no journal entry.
    func delete(_ tx: Transaction) throws(StoreError) {
        try DefaultGateways.delete(self, tx.db)
        try tx.journal.deleted(.defaultGateway(self))
    }
}

/// Whether this is a peer of a gateway of this network.
private func isPeer(
    _ id: PeerID,
    of network: Network,
    for caller: Caller,
    _ db: any SQLConnection
) throws -> Bool {
    guard let peer = try Peers.find(id, in: caller.scope, db) else { return false }
    return try Gateways.find(peer.gatewayID, in: caller.scope, db)?.networkID == network.id
}
