package import GatewayDomain
import GatewayStore
package import WireGuardCrypto

/// A peer with the secrets that were made for it, which are shown only once.
package struct CreatedPeer: Sendable {
    package let peer: Peer
    /// Nil when the caller brought its own public key.
    package let privateKey: SecretKey?
    /// Nil when no preshared key was asked for with this request.
    package let presharedKey: SecretKey?
}

private let gatewayPointer = "/wireguard_interface_id"

extension Verb<CreatedPeer> {
    /// Makes a peer: with the caller's public key, or with a pair whose private half is answered once.
    package static func createPeer(_ request: NewPeer) -> Verb {
        let madeKeys: KeyPair? = if case .value = request.publicKey { nil } else { .random() }
        // The transaction holds the whole invariant: the address is free when it is taken.
        return Verb(requiring: .role(.member)) { tx, caller in
            let id = PeerID.random()
            var reader = FieldReader()
            let gatewayText = reader.required(request.gatewayID, gatewayPointer)
            let gatewayID: GatewayID? = reader.identifier(gatewayText, gatewayPointer)
            let name = reader.name(reader.optional(request.name, "/name"))
            let publicKey = reader.publicKey(request.publicKey) ?? madeKeys?.publicKey
            let presharedKey = PresharedKeyChoice(request.presharedKey, &reader)
            let keepalive = reader.number(
                request.persistentKeepalive,
                in: FieldReader.keepaliveSeconds,
                "/persistent_keepalive"
            )
            let gateway = try reader.gateway(gatewayID, publicKey, of: caller, tx.db)
            try reader.finish()
            guard let gateway, let publicKey else { throw ServiceError.invalid(reader.problems) }
            try tx.checkLimit(tx.limits.peers, of: "peers") {
                try Peers.count(of: caller.organizationID, tx.db)
            }
            guard let address = try PeerAddresses.takeLowest(of: gateway, at: tx.time, tx.db) else {
                throw ServiceError.subnetExhausted(
                    addresses: SubnetPlan.peerCapacity(of: gateway.subnet)
                )
            }
            let sealedKey = try presharedKey.key.map {
                try tx.masterKey.seal($0, for: .peerPresharedKey, of: id)
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
                createdAt: tx.time,
                updatedAt: tx.time
            )
            try namingDuplicateKeys {
                try Peers.insert(peer, sealedPresharedKey: sealedKey, tx.db)
            }
            try tx.journal.created(.peer(peer, in: gateway.networkID))
            return CreatedPeer(
                peer: peer,
                privateKey: madeKeys?.privateKey,
                presharedKey: presharedKey.key
            )
        }
    }
}

extension FieldReader {
    /// The gateway of a new peer; the checks that need the database.
    fileprivate mutating func gateway(
        _ id: GatewayID?,
        _ publicKey: PublicKey?,
        of caller: Caller,
        _ db: any SQLConnection
    ) throws -> Gateway? {
        guard let id else { return nil }
        guard let gateway = try Gateways.find(id, in: caller.scope, db) else {
            report(gatewayPointer, .unknownAssociation)
            return nil
        }
        if gateway.status == .deleting {
            report(gatewayPointer, .invalid("names a gateway that is being deleted"))
        }
        if gateway.publicKey == publicKey {
            report("/public_key", .invalid("is the gateway's own key"))
        }
        return gateway
    }
}

/// Gives the schema's refusal of a second peer with the same key the name that callers know.
func namingDuplicateKeys(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch StoreError.violated(.peerPublicKey) {
        throw ServiceError.duplicatePublicKey
    }
}
