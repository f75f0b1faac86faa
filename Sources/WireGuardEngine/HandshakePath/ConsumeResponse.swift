/// The initiator: the response to our initiation completes the session, §5.4.3.
extension Engine {
    /// Nil when the session is up, otherwise why the message was dropped; a dropped message has
    /// changed nothing.
    mutating func consumeResponse(
        _ response: ResponseMessage,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        in turn: inout Turn
    ) -> DropReason? {
        let receiver = response.receiver
        guard let handle = gateway.pointee.pendingInitiations[receiver],
            let peer = peers.find(handle), let active = peer.pointee.active,
            let pending = active.pointee.handshake.pending, pending.localIndex == receiver
        else { return .unexpectedHandshake }
        let noise = pending.noise(
            after: response,
            for: gateway.pointee.identity,
            presharedKey: peer.pointee.presharedKey
        )
        guard let noise else {
            noteTrouble(of: peer) { $0.answerWasRefused(at: turn.wall) }
            return .forged
        }
        // Other peers that were called may have answered first.
        guard connect(peer) else {
            noteDrop(.connectedPeersExceeded, of: nil, from: peer, at: turn.moment)
            return .connectedPeersExceeded
        }

        let session = makeSession(
            for: peer,
            localIndex: receiver,
            remoteIndex: response.sender,
            isInitiator: true,
            noise: noise,
            at: turn.now
        )
        forgetPending(of: peer)
        installAsInitiator(session, for: peer, at: turn.now)
        recordHandshakeReceived(
            from: peer,
            on: pair,
            bytes: ResponseMessage.length,
            at: turn.moment
        )
        completeHandshake(with: peer, in: &turn)
        return nil
    }
}
