package import GatewayDomain
import GatewayStore

private let peerPointer = "/wireguard_peer_id"

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
            let peer = try reader.peer(request.peerID, in: network, of: caller, tx.db)
            try reader.finish()
            guard try DefaultGateways.find(of: id, of: network.organizationID, tx.db) == nil else {
                throw ServiceError.duplicateDefaultGateway
            }
            let gateway = DefaultGateway(
                id: .random(),
                organizationID: network.organizationID,
                networkID: network.id,
                peerID: peer?.id,
                status: .provisioning,
                createdAt: tx.time,
                updatedAt: tx.time
            )
            try DefaultGateways.insert(gateway, tx.db)
            try tx.journal.created(.defaultGateway(gateway))
            return gateway
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
    /// The schema would delete the row with its peer or network as well, but write no journal line.
    func delete(_ tx: Transaction) throws(StoreError) {
        try DefaultGateways.delete(self, tx.db)
        try tx.journal.deleted(.defaultGateway(self))
    }
}

extension FieldReader {
    /// It has to be a peer of a gateway of this network.
    fileprivate mutating func peer(
        _ field: Field<String>,
        in network: Network,
        of caller: Caller,
        _ db: any SQLConnection
    ) throws -> Peer? {
        let text = optional(field, peerPointer)
        guard let id: PeerID = identifier(text, peerPointer) else { return nil }
        guard let peer = try Peers.find(id, in: caller.scope, db),
            try Gateways.find(peer.gatewayID, in: caller.scope, db)?.networkID == network.id
        else {
            report(peerPointer, .unknownAssociation)
            return nil
        }
        return peer
    }
}
