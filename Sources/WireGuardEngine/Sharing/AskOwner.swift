import Synchronization

/// What packets ask of their gateway's owner, which alone changes peers, handshakes and timers: done at once
/// where this worker is the owner, and otherwise left as a notice. Needed once per session or timer, not once
/// per packet.
extension Engine {
    /// A packet armed a timer.
    @inline(never)
    mutating func askForWake(of peer: PeerPointer, at deadline: Instant) {
        let gateway = peer.gateway
        guard isOwner(of: gateway) else {
            leave(.wake(peer.handle, at: deadline), forOwnerOf: gateway)
            return
        }
        timers.push(TimerQueue.Wake(at: deadline, peer: peer.handle))
    }

    /// The peer has used the session that we made as responder.
    @inline(never)
    mutating func askForConfirmation(
        of session: SessionPointer,
        in turn: inout Turn
    ) {
        ask(
            .confirmed(session.peer.handle, session: session.pointee.localIndex),
            about: session,
            // One notice is enough: notices without bytes are never dropped.
            unless: { $0.isConfirmed.exchange(true, ordering: .relaxed) },
            in: &turn
        )
    }

    /// §6.2: a receiving initiator's session gets old.
    @inline(never)
    mutating func askForRenewal(
        of session: SessionPointer,
        in turn: inout Turn
    ) {
        let now = turn.now
        ask(
            .renewalWanted(
                session.peer.handle,
                session: session.pointee.localIndex
            ),
            about: session,
            unless: { !$0.mayAskForRenewal(at: now) },
            in: &turn
        )
    }

    /// §6.2: a session that packets are sent with is due for renewal.
    @inline(never)
    mutating func askForSuccessor(
        of session: SessionPointer,
        in turn: inout Turn
    ) {
        let now = turn.now
        ask(
            .sessionWanted(session.peer.handle),
            about: session,
            unless: { !$0.mayAskForRenewal(at: now) },
            in: &turn
        )
    }

    /// An inner packet waits for a session with the peer.
    mutating func askToStage(
        _ packet: UnsafeRawBufferPointer,
        as kind: TrafficKind?,
        for peer: PeerPointer
    ) {
        let gateway = peer.gateway
        let handle = peer.handle
        guard !isOwner(of: gateway) else {
            stage(packet, as: kind, for: peer)
            return
        }
        if !leave(packet, forOwnerOf: gateway, as: { .staged(handle, $0, kind) }) {
            gateway.recordDrop(.stagingFull)
        }
    }

    /// A handshake message; it is copied for another owner.
    @inline(never)
    mutating func askToHandshake(
        _ kind: MessageKind,
        _ message: UnsafeMutablePointer<UInt8>,
        length: Int,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        in turn: inout Turn
    ) {
        guard !isOwner(of: gateway) else {
            receiveHandshake(kind, message, on: gateway, from: pair, in: &turn)
            return
        }
        let bytes = message.bytes(0..<length)
        if !leave(bytes, forOwnerOf: gateway, as: { .handshake($0, pair) }) {
            gateway.recordDrop(.handshakeRateLimited)
        }
    }

    /// - Parameter isAsked: whether a notice of the kind is under way.
    private mutating func ask(
        _ kind: OwnerNotice.Kind,
        about session: SessionPointer,
        unless isAsked: (borrowing Session) -> Bool,
        in turn: inout Turn
    ) {
        let gateway = session.peer.gateway
        guard !isOwner(of: gateway) else {
            perform(kind, on: gateway, in: &turn)
            return
        }
        guard !isAsked(session.pointee) else { return }
        leave(kind, forOwnerOf: gateway)
    }
}
