import WireGuardCrypto

/// The responder: an admitted initiation becomes a session and a response, §5.4.2 and §5.4.3.
extension Engine {
    /// Nil when a response was sent, otherwise why the message was dropped; a dropped message has
    /// changed nothing.
    mutating func consumeInitiation(
        _ message: InitiationMessage,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        in turn: inout Turn
    ) -> DropReason? {
        guard
            var handshake = ResponderHandshake(reading: message, for: gateway.pointee.identity)
        else { return .forged }
        guard let peer = gateway.pointee.peersByKey.find(handshake.initiator) else {
            gateway.pointee.strangers.heard(
                .unknownKey(handshake.initiator),
                from: pair.remote,
                at: turn.moment
            )
            return .unknownPeer
        }
        guard let staticShared = staticShared(with: peer),
            let timestamp = handshake.timestamp(in: message, staticShared: staticShared)
        else { return .forged }
        // §5.1: replays, and floods by a peer that has a key.
        let newest = peer.pointee.newestTimestamp
        guard timestamp > newest else {
            noteTrouble(of: peer) {
                $0.stampWentBack(to: timestamp, from: newest, source: pair.remote, at: turn.wall)
            }
            return .staleInitiation
        }
        let last = peer.pointee.lastInitiationAccepted
        guard last == .never || turn.now.since(last) >= Constant.initiationInterval else {
            return .staleInitiation
        }
        guard mayConnect(peer) else {
            noteDrop(.connectedPeersExceeded, of: nil, from: peer, at: turn.moment)
            return .connectedPeersExceeded
        }

        guard let memory = turn.outgoing.reserve(ResponseMessage.length) else { return .batchFull }
        let response = ResponseMessage(memory)
        let ephemeral = X25519.generatePrivateKey(filledBy: random.callAsFunction)
        let index = makeIndex(for: peer)
        let written = handshake.respond(
            in: response,
            ephemeral: ephemeral,
            index: index,
            presharedKey: peer.pointee.presharedKey
        )
        guard let written else { return .forged }
        let session = makeSession(
            for: peer,
            localIndex: index,
            remoteIndex: written.remoteIndex,
            isInitiator: false,
            noise: written.noise,
            at: turn.now
        )
        noteAccepted(timestamp, of: peer, at: turn.moment)
        peer.pointee.newestTimestamp = timestamp
        peer.pointee.lastInitiationAccepted = turn.now
        installAsResponder(session, for: peer, at: turn.now)
        recordHandshakeReceived(
            from: peer,
            on: pair,
            bytes: InitiationMessage.length,
            at: turn.moment
        )
        send(response, to: peer, on: pair, in: &turn)
        return nil
    }

    private mutating func send(
        _ response: ResponseMessage,
        to peer: PeerPointer,
        on pair: AddressPair,
        in turn: inout Turn
    ) {
        let gateway = peer.gateway
        let active = activate(peer)
        active.pointee.lastMAC1 = PublicIdentity(peer.pointee.publicKey).sign(
            response,
            cookie: active.pointee.cookie?.value(at: turn.now)
        )
        guard
            turn.outgoing.append(
                response.start,
                ResponseMessage.length,
                from: gateway.handle,
                to: pair,
                merging: false
            )
        else {
            gateway.recordDrop(.batchFull)
            return
        }
        recordHandshakeSent(to: peer, bytes: ResponseMessage.length, at: turn.moment)
    }
}
