package import GatewayDomain
import GatewayStore

/// Gives a network its one default gateway.
package struct CreateDefaultGateway: Sendable {
    private static let peerPointer = "/wireguard_peer_id"

    let store: Store
    let now: WallClock

    package func callAsFunction(
        _ id: NetworkID,
        _ request: NewDefaultGateway,
        by caller: Caller,
        settling settle: Settlement<DefaultGateway> = .none
    ) async throws -> DefaultGateway {
        try caller.require(.member)
        return try await store.write { db in
            let time = now()
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            var reader = FieldReader()
            let peer = try Self.peer(request, in: network, of: caller, &reader, db)
            try reader.finish()
            guard try DefaultGateways.find(of: id, of: network.organizationID, db) == nil else {
                throw ServiceError.duplicateDefaultGateway
            }
            let gateway = DefaultGateway(
                id: .random(),
                organizationID: network.organizationID,
                networkID: network.id,
                peerID: peer?.id,
                status: .provisioning,
                createdAt: time,
                updatedAt: time
            )
            try DefaultGateways.insert(gateway, db)
            try Journal(by: caller, at: time).created(gateway, in: id, db)
            try settle(gateway, db)
            return gateway
        }
    }

    /// It has to be a peer of a gateway of this network.
    private static func peer(
        _ request: NewDefaultGateway,
        in network: Network,
        of caller: Caller,
        _ reader: inout FieldReader,
        _ db: any SQLConnection
    ) throws -> Peer? {
        let text = reader.optional(request.peerID, peerPointer)
        guard let id: PeerID = reader.identifier(text, peerPointer) else { return nil }
        guard let peer = try Peers.find(id, in: caller.scope, db),
            try Gateways.find(peer.gatewayID, in: caller.scope, db)?.networkID == network.id
        else {
            reader.report(peerPointer, .unknownAssociation)
            return nil
        }
        return peer
    }
}
