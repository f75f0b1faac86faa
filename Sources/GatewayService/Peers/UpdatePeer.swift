package import GatewayDomain
import GatewayStore
import WireGuardCrypto

/// Changes a peer. A request that names nothing makes a new key pair and answers its private half.
package struct UpdatePeer: Sendable {
    let store: Store
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(
        _ id: PeerID,
        _ change: PeerChange,
        by caller: Caller,
        if precondition: Precondition = .none
    ) async throws -> CreatedPeer {
        try caller.require(.member)
        let madeKeys = change.isEmpty ? KeyPair.random() : nil
        var reader = FieldReader()
        let name = reader.name(reader.optional(change.name, "/name"))
        let publicKey = reader.publicKey(change.publicKey) ?? madeKeys?.publicKey
        let presharedKey = PresharedKeyChoice(change.presharedKey, &reader)
        let keepalive = reader.number(
            change.persistentKeepalive,
            in: FieldReader.keepaliveSeconds,
            "/persistent_keepalive"
        )
        let newSealedKey = try presharedKey.key.map {
            try masterKey.seal($0, for: .peerPresharedKey, of: id)
        }
        let checked = reader
        let peer = try await store.write { db in
            let time = now()
            guard let old = try Peers.find(id, in: caller.scope, db),
                let gateway = try Gateways.find(old.gatewayID, in: caller.scope, db)
            else { throw ServiceError.notFound }
            try precondition.check(old.updatedAt)
            var reader = checked
            if publicKey == gateway.publicKey {
                reader.report("/public_key", .invalid("is the gateway's own key"))
            }
            try reader.finish()
            var peer = old
            var sealedKey = try Peers.sealedPresharedKey(of: peer, db)
            switch presharedKey {
            case .untouched: break
            case .removed: sealedKey = nil
            case .set: sealedKey = newSealedKey
            }
            peer.name = change.name.replacing(peer.name, by: name)
            peer.persistentKeepalive = change.persistentKeepalive.replacing(
                peer.persistentKeepalive,
                by: keepalive
            )
            peer.publicKey = publicKey ?? peer.publicKey
            peer.hasPresharedKey = sealedKey != nil
            peer.updatedAt = time
            let changed = peer
            try namingDuplicateKeys {
                try Peers.update(changed, sealedPresharedKey: sealedKey, db)
            }
            try Journal(by: caller, at: time).updated(old, changed, in: gateway.networkID, db)
            return changed
        }
        dataPlane.stateChanged()
        return CreatedPeer(
            peer: peer,
            privateKey: madeKeys?.privateKey,
            presharedKey: presharedKey.key
        )
    }
}

extension PeerChange {
    /// No member but a public key of `null`, which equals absence.
    fileprivate var isEmpty: Bool {
        name.isAbsent && presharedKey.isAbsent && persistentKeepalive.isAbsent
            && (publicKey.isAbsent || publicKey.isNull)
    }
}

extension Field {
    fileprivate var isAbsent: Bool {
        guard case .absent = self else { return false }
        return true
    }

    fileprivate var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    /// An absent member leaves the old value; `null` takes it away, as `new` is nil then.
    fileprivate func replacing(_ old: Value?, by new: Value?) -> Value? {
        isAbsent ? old : new
    }
}
