package import GatewayDomain
import GatewayStore
import WireGuardCrypto

/// Makes a peer: with the caller's public key, or with a pair whose private half is answered once.
package struct CreatePeer: Sendable {
    let store: Store
    let limits: OrganizationLimits
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(
        _ request: NewPeer,
        by caller: Caller,
        settling settle: Settlement<CreatedPeer> = .none
    ) async throws -> CreatedPeer {
        try caller.require(.member)
        let id = PeerID.random()
        var reader = FieldReader()
        let gatewayText = reader.required(request.gatewayID, Self.gatewayPointer)
        let gatewayID: GatewayID? = reader.identifier(gatewayText, Self.gatewayPointer)
        let name = reader.name(reader.optional(request.name, "/name"))
        let givenKey = reader.publicKey(request.publicKey)
        let presharedKey = PresharedKeyChoice(request.presharedKey, &reader)
        let keepalive = reader.number(
            request.persistentKeepalive,
            in: FieldReader.keepaliveSeconds,
            "/persistent_keepalive"
        )
        let madeKeys = givenKey == nil ? KeyPair.random() : nil
        let sealedKey = try presharedKey.key.map {
            try masterKey.seal($0, for: .peerPresharedKey, of: id)
        }
        let publicKey = givenKey ?? madeKeys?.publicKey ?? .zero
        let checked = reader
        // One transaction holds the whole invariant: the address is free when it is taken.
        let created = try await store.write { db in
            let time = now()
            let gateway = try Self.gateway(gatewayID, publicKey, of: caller, checked, db)
            try Limit.check(limits.peers, of: "peers") {
                try Peers.count(of: caller.organizationID, db)
            }
            guard let address = try PeerAddresses.takeLowest(of: gateway, at: time, db) else {
                throw ServiceError.subnetExhausted(
                    addresses: SubnetPlan.peerCapacity(of: gateway.subnet)
                )
            }
            let peer = Peer(
                id: id,
                organizationID: caller.organizationID,
                gatewayID: gateway.id,
                name: name,
                publicKey: publicKey,
                address: address,
                hasPresharedKey: sealedKey != nil,
                persistentKeepalive: keepalive,
                createdAt: time,
                updatedAt: time
            )
            try namingDuplicateKeys {
                try Peers.insert(peer, sealedPresharedKey: sealedKey, db)
            }
            try Journal(by: caller, at: time).created(peer, in: gateway.networkID, db)
            let created = CreatedPeer(
                peer: peer,
                privateKey: madeKeys?.privateKey,
                presharedKey: presharedKey.key
            )
            try settle(created, db)
            return created
        }
        dataPlane.stateChanged()
        return created
    }

    private static let gatewayPointer = "/wireguard_interface_id"

    /// The last checks need the database; what is wrong is thrown together with the rest.
    private static func gateway(
        _ id: GatewayID?,
        _ publicKey: PublicKey,
        of caller: Caller,
        _ checked: FieldReader,
        _ db: any SQLConnection
    ) throws -> Gateway {
        var reader = checked
        var gateway: Gateway?
        if let id {
            gateway = try Gateways.find(id, in: caller.scope, db)
            if gateway == nil {
                reader.report(gatewayPointer, .unknownAssociation)
            }
        }
        if gateway?.status == .deleting {
            reader.report(gatewayPointer, .invalid("names a gateway that is being deleted"))
        }
        if gateway?.publicKey == publicKey {
            reader.report("/public_key", .invalid("is the gateway's own key"))
        }
        try reader.finish()
        guard let gateway else { throw ServiceError.invalid(reader.problems) }
        return gateway
    }
}
