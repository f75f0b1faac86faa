import WireGuardCrypto

/// The responder: an admitted initiation becomes a session and a response, §5.4.2 and §5.4.3.
extension Engine {
    /// Nil when a response was sent, otherwise why the message was dropped; a dropped message has
    /// changed nothing.
    mutating func consumeInitiation(
        _ message: UnsafeMutablePointer<UInt8>,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        let identity = gateway.pointee.identity
        var noise = identity.noise
        let ephemeral = PublicKey(message.bytes(InitiationLayout.ephemeral))
        noise.mixEphemeral(ephemeral)
        guard let shared = X25519.sharedSecret(identity.privateKey, ephemeral) else {
            return .forged
        }

        let staticKey = noise.mixKeyForSealing(shared)
        guard
            let publicKey = Self.openField(
                message.bytes(InitiationLayout.sealedStatic),
                of: &noise,
                key: staticKey,
                { PublicKey($0.bytes(0..<32)) }
            )
        else { return .forged }
        guard let peer = gateway.pointee.peersByKey.find(publicKey) else {
            gateway.pointee.strangers.heard(.unknownKey(publicKey), from: pair.remote, at: moment)
            return .unknownPeer
        }
        guard let staticShared = staticShared(with: peer) else { return .forged }

        let stampKey = noise.mixKeyForSealing(staticShared)
        guard
            let timestamp = Self.openField(
                message.bytes(InitiationLayout.sealedTimestamp),
                of: &noise,
                key: stampKey,
                { TAI64N($0) }
            )
        else { return .forged }
        // §5.1: replays, and floods by a peer that has a key.
        let newest = peer.pointee.newestTimestamp
        guard timestamp > newest else {
            noteTrouble(of: peer) { $0.stampWentBack(to: timestamp, from: newest, at: moment.wall) }
            return .staleInitiation
        }
        let last = peer.pointee.lastInitiationAccepted
        guard last == .never || moment.now.since(last) >= Constant.initiationInterval else {
            return .staleInitiation
        }

        guard let response = outgoing.reserve(MessageKind.responseLength) else { return .batchFull }
        guard
            let session = respond(
                to: message.little32(at: InitiationLayout.sender),
                ephemeral: ephemeral,
                noise: noise,
                for: peer,
                in: response,
                at: moment.now
            )
        else { return .forged }
        noteAccepted(timestamp, of: peer, at: moment)
        peer.pointee.newestTimestamp = timestamp
        peer.pointee.lastInitiationAccepted = moment.now
        installAsResponder(session, for: peer, at: moment.now)
        recordHandshakeReceived(
            from: peer,
            on: pair,
            bytes: MessageKind.initiationLength,
            at: moment
        )
        send(response, to: peer, on: pair, at: moment, into: &outgoing)
        return nil
    }

    private func respond(
        to remoteIndex: UInt32,
        ephemeral theirs: PublicKey,
        noise started: NoiseState,
        for peer: PeerPointer,
        in response: UnsafeMutablePointer<UInt8>,
        at now: Instant
    ) -> SessionPointer? {
        var noise = started
        let ours = X25519.generatePrivateKey(filledBy: random.callAsFunction)
        let oursPublic = X25519.publicKey(of: ours)
        guard let ephemeralShared = X25519.sharedSecret(ours, theirs),
            let staticShared = X25519.sharedSecret(ours, peer.pointee.publicKey)
        else { return nil }
        let index = makeIndex(for: peer)
        response.storeLittle(2 as UInt32, at: 0)
        response.storeLittle(index, at: ResponseLayout.sender)
        response.storeLittle(remoteIndex, at: ResponseLayout.receiver)
        oursPublic.write(to: response + ResponseLayout.ephemeral.lowerBound)
        noise.mixEphemeral(oursPublic)
        ephemeralShared.withBytes { noise.mixKey($0) }
        staticShared.withBytes { noise.mixKey($0) }
        let key = noise.mixPresharedKey(peer.pointee.presharedKey)
        noise.seal(response + ResponseLayout.sealedNothing.lowerBound, count: 0, key: key)
        return makeSession(
            for: peer,
            localIndex: index,
            remoteIndex: remoteIndex,
            isInitiator: false,
            noise: noise,
            at: now
        )
    }

    private mutating func send(
        _ response: UnsafeMutablePointer<UInt8>,
        to peer: PeerPointer,
        on pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let gateway = peer.pointee.gateway
        let active = activate(peer)
        active.pointee.lastMAC1 = HandshakeMACs.write(
            to: response,
            mac1: ResponseLayout.mac1,
            mac2: ResponseLayout.mac2,
            receiver: PublicIdentity(peer.pointee.publicKey),
            cookie: validCookie(of: active, at: moment.now)
        )
        guard
            outgoing.append(
                response,
                MessageKind.responseLength,
                from: gateway.pointee.handle,
                to: pair,
                merging: false
            )
        else {
            gateway.pointee.drops.record(.batchFull)
            return
        }
        recordHandshakeSent(to: peer, bytes: MessageKind.responseLength, at: moment)
    }

    /// Opens a sealed field into memory of its own and reads it. Nil when forged.
    static func openField<R>(
        _ field: UnsafeRawBufferPointer,
        of noise: inout NoiseState,
        key: SecretKey,
        _ read: (UnsafeMutablePointer<UInt8>) -> R
    ) -> R? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: field.count) { plain in
            guard let start = plain.baseAddress, noise.open(field, into: start, key: key) else {
                return nil
            }
            return read(start)
        }
    }
}
