package import GatewayDomain
import GatewayStore
import NetAddress
import WireGuardCrypto

extension Verb<CreatedPeer> {
    /// Changes a peer. A request that names nothing makes a new key pair and answers its private half.
    package static func updatePeer(
        _ id: PeerID,
        _ change: PeerChange,
        if precondition: Precondition = .none,
        delivering delivery: ConfigDelivery = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let old = try Peers.find(id, in: caller.scope, tx.db),
                let gateway = try Gateways.find(old.gatewayID, in: caller.scope, tx.db)
            else { throw ServiceError.notFound }
            try precondition.check(old.updatedAt)
            let madeKeys = change.isEmpty ? KeyPair.random() : nil
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let publicKey = reader.optional(change.publicKey) ?? madeKeys?.publicKey
            let presharedKey = PresharedKeyChoice(change.presharedKey, &reader)
            let keepalive = reader.optional(change.persistentKeepalive)
            let rules = AddressRules(gateway: gateway, peer: id, tx: tx)
            let asked = try reader.address(change.address, by: rules)
            let address = asked ?? old.address
            let allowedIPs = try reader.allowedIPs(change.allowedIPs, beside: address, by: rules)
            if publicKey == gateway.publicKey {
                reader.report(change.publicKey, .invalid("is the gateway's own key"))
            }
            try reader.finish()
            var peer = old
            peer.name = change.name.replacing(peer.name, by: name)
            peer.persistentKeepalive = change.persistentKeepalive.replacing(
                peer.persistentKeepalive,
                by: keepalive
            )
            peer.address = address
            peer.allowedIPs = allowedIPs ?? old.allowedIPs
            peer.publicKey = publicKey ?? peer.publicKey
            peer = try tx.update(old, to: peer, presharedKey, of: gateway)
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

extension Transaction {
    /// Stores a changed peer, writes its journal entry, and revokes the links whose file has a private key
    /// that is not the peer's any more.
    ///
    /// - Returns: the peer as it is stored.
    func update(
        _ old: Peer,
        to new: Peer,
        _ presharedKey: PresharedKeyChoice = .untouched,
        of gateway: Gateway
    ) throws -> Peer {
        let sealedKey: [UInt8]? =
            switch presharedKey {
            case .untouched: try Peers.sealedPresharedKey(of: old, db)
            case .removed: nil
            case .set(let key): try masterKey.seal(key, for: .peerPresharedKey, of: old.id)
            }
        var peer = new
        peer.hasPresharedKey = sealedKey != nil
        peer.updatedAt = time
        if peer.publicKey != old.publicKey || peer.address != old.address
            || peer.allowedIPs != old.allowedIPs
            || peer.persistentKeepalive != old.persistentKeepalive || presharedKey.changes(old)
        {
            peer.config.revision = try journal.nextRevision()
        }
        if peer.address != old.address { try PeerAddresses.take(peer.address, of: gateway, db) }
        try namingDuplicateKeys {
            try Peers.update(old, to: peer, on: gateway, sealedPresharedKey: sealedKey, db)
        }
        try journal.updated(
            .peer(old, in: gateway.networkID),
            to: .peer(peer, in: gateway.networkID)
        )
        guard peer.publicKey != old.publicKey else { return peer }
        for share in try PeerShares.all(of: peer, db)
        where share.hasPrivateKey && share.isOpen(at: time) {
            try PeerShares.delete(share, db)
            try journal.deleted(.peerShare(share, in: gateway.networkID))
        }
        return peer
    }
}

extension PeerChange {
    /// No member but a public key of `null`, which equals absence.
    fileprivate var isEmpty: Bool {
        name.isAbsent && presharedKey.isAbsent && persistentKeepalive.isAbsent
            && address.isAbsent && allowedIPs.isAbsent && (publicKey.isAbsent || publicKey.isNull)
    }
}
