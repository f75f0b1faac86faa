package import GatewayDomain
import GatewayStore
import NetAddress
package import WireGuardCrypto

/// A peer with the secrets that were made for it, which are shown only once.
package struct CreatedPeer: Sendable {
    package let peer: Peer
    /// Nil when the caller brought its own public key.
    package let privateKey: SecretKey?
    /// Nil when no preshared key was asked for with this request.
    package let presharedKey: SecretKey?
    package let delivered: DeliveredConfig
}

extension Verb<CreatedPeer> {
    /// Makes a peer: with the caller's public key, or with a pair whose private half is answered once.
    package static func createPeer(
        _ request: NewPeer,
        delivering delivery: ConfigDelivery = .none
    ) -> Verb {
        // The transaction holds the whole invariant: the address is free when it is taken.
        Verb(requiring: .role(.member)) { tx, caller in
            if !request.endpoint.isUnsaid { try caller.require(.role(.admin)) }
            let id = PeerID.random()
            let madeKeys: KeyPair? =
                if case .value = request.publicKey.content { nil } else { .random() }
            var reader = FieldReader()
            let gatewayID = reader.required(request.gatewayID)
            let name = reader.optional(request.name)
            let key = reader.value(request.publicKey, default: madeKeys?.publicKey)
            let presharedKey = PresharedKeyChoice(request.presharedKey, &reader)
            let keepalive = reader.optional(request.persistentKeepalive)
            let found = try reader.existing(gatewayID, of: request.gatewayID) {
                try Gateways.find($0, in: caller.scope, tx.db)
            }
            if let gateway = found.known {
                reader.check(gateway, fits: request, with: key.known)
            }
            let rules = found.known.map { AddressRules(gateway: $0, peer: nil, tx: tx) }
            let asked = try reader.address(request.address, by: rules)
            let allowedIPs = try reader.allowedIPs(request.allowedIPs, beside: asked, by: rules)
            let endpoint = reader.optional(request.endpoint) { endpoint in
                if endpoint.port == 0 { return .invalid("has port 0") }
                return endpoint.address.obstacle.map { .invalid("is of no use: it \($0)") }
            }
            let (gateway, publicKey) = try reader.finish { fields in
                (try fields.value(found), try fields.value(key))
            }
            try tx.checkLimit(tx.limits.peers, of: "peers") {
                try Peers.count(of: caller.organizationID, tx.db)
            }
            let address = try asked ?? gateway.lowestFreeAddress(tx)
            if asked != nil { try PeerAddresses.take(address, of: gateway, tx.db) }
            let sealedKey = try presharedKey.key.map {
                try tx.masterKey.seal($0, for: .peerPresharedKey, of: id)
            }
            var peer = Peer(
                id: id,
                organizationID: caller.organizationID,
                gatewayID: gateway.id,
                name: name,
                publicKey: publicKey,
                address: address,
                allowedIPs: (allowedIPs ?? []).filter { $0 != IPPrefix(.v4(address)) },
                hasPresharedKey: sealedKey != nil,
                persistentKeepalive: keepalive,
                createdAt: tx.time,
                updatedAt: tx.time,
                activity: PeerActivity(endpoint: endpoint),
                config: PeerConfigStatus(revision: try tx.journal.nextRevision())
            )
            try namingDuplicateKeys {
                try Peers.insert(peer, sealedPresharedKey: sealedKey, tx.db)
            }
            try tx.journal.created(.peer(peer, in: gateway.networkID))
            let delivered = try tx.deliver(
                delivery,
                of: &peer,
                privateKey: madeKeys?.privateKey,
                to: caller
            )
            return CreatedPeer(
                peer: peer,
                privateKey: madeKeys?.privateKey,
                presharedKey: presharedKey.key,
                delivered: delivered
            )
        }
    }
}

extension Gateway {
    fileprivate func lowestFreeAddress(_ tx: Transaction) throws -> IPv4Address {
        guard let address = try PeerAddresses.takeLowest(of: self, at: tx.time, tx.db) else {
            throw ServiceError.subnetExhausted(addresses: SubnetPlan.peerCapacity(of: subnet))
        }
        return address
    }
}

extension FieldReader {
    fileprivate mutating func check(
        _ gateway: Gateway,
        fits request: NewPeer,
        with publicKey: PublicKey?
    ) {
        if gateway.status == .deleting {
            report(request.gatewayID, .invalid("names a gateway that is being deleted"))
        }
        if gateway.publicKey == publicKey {
            report(request.publicKey, .invalid("is the gateway's own key"))
        }
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
