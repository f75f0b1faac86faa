import Synchronization

/// The journey of a run of transport messages through the gateway, without leaving the thread or
/// the receive buffer. Each step is the file of the same name in this folder.
///
/// Any worker that carries the gateway may do this. What only the gateway's owner may change is done
/// at once where this worker is the owner, and otherwise after an `OwnerNotice`: see the methods whose
/// names end in `AtOwner`.
extension Engine {
    /// Takes the `count` messages that `gather` put in flight.
    @inline(__always)
    mutating func forward(
        _ count: Int,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let session = identify(on: gateway) else {
            gateway.pointee.drops.record(.unknownReceiver, count: count)
            return
        }
        let opened = open(count, with: session, on: gateway, at: moment.now)
        guard opened.packets > 0 else { return }
        recordReceived(opened, with: session, on: pair, at: moment, into: &outgoing)
        let sender = session.pointee.peer
        let routed = route(opened.packets, from: sender, on: gateway, at: moment, into: &outgoing)
        seal(routed, at: moment, into: &outgoing)
    }

    /// Once per run: counts it, moves the peer's endpoint and timers, and starts what its session is
    /// due for.
    @inline(__always)
    private mutating func recordReceived(
        _ opened: Opened,
        with session: SessionPointer,
        on pair: AddressPair,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        recordAuthenticated(
            from: session.pointee.peer,
            on: pair,
            packets: opened.packets,
            bytes: opened.bytes,
            data: opened.hasData,
            at: moment
        )
        if !session.pointee.isConfirmed.load(ordering: .relaxed) {
            confirmAtOwner(session, at: moment, into: &outgoing)
        }
        if session.pointee.isInitiator,
            moment.now.since(session.pointee.createdAt) >= Constant.rekeyAfterTimeReceiving
        {
            renewWhileReceivingAtOwner(session, at: moment, into: &outgoing)
        }
    }

    /// The endpoint follows the newest authenticated packet; timers as in §6.5.
    @inline(__always)
    mutating func recordAuthenticated(
        from sender: PeerPointer,
        on pair: AddressPair,
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at moment: Moment
    ) {
        let effects = sender.pointee.activity.withLock {
            $0.received(packets: packets, bytes: bytes, data: data, on: pair, at: moment)
        }
        apply(effects, to: sender)
    }

    /// Counts what is about to be sent to a peer, once per group of packets. Returns the address pair
    /// to send on; nil for a peer without a known endpoint, for which it has counted all the same.
    @inline(__always)
    mutating func recordSent(
        to target: PeerPointer,
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at now: Instant
    ) -> AddressPair? {
        let jitter = jitter.next()
        let (pair, effects) = target.pointee.activity.withLock { activity in
            (
                activity.addressPair,
                activity.sent(packets: packets, bytes: bytes, data: data, at: now, jitter: jitter)
            )
        }
        apply(effects, to: target)
        return pair
    }

    @inline(__always)
    private mutating func apply(_ effects: PeerActivity.Effects, to peer: PeerPointer) {
        if effects.wake != .never { scheduleAtOwner(peer, at: effects.wake) }
        if effects.isNewlyDue { enlist(peer) }
    }

    /// The next report has to have this peer.
    @inline(__always)
    mutating func enlist(_ peer: PeerPointer) {
        dueReports.append(
            DueReport(
                gateway: peer.pointee.gateway.pointee.handle,
                peer: peer.pointee.handle
            )
        )
    }

    @inline(never)
    private mutating func scheduleAtOwner(_ peer: PeerPointer, at deadline: Instant) {
        let gateway = peer.pointee.gateway
        guard isOwner(of: gateway) else {
            notifyOwner(.wake(peer.pointee.handle, at: deadline), of: gateway)
            return
        }
        timers.push(TimerQueue.Wake(at: deadline, peer: peer.pointee.handle))
    }

    @inline(never)
    private mutating func confirmAtOwner(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isOwner(of: gateway) else {
            confirm(session, of: peer, at: moment, into: &outgoing)
            return
        }
        // One notice is enough: notices without bytes are never dropped.
        guard !session.pointee.isConfirmed.exchange(true, ordering: .relaxed) else { return }
        notifyOwner(
            .confirmed(peer.pointee.handle, session: session.pointee.localIndex),
            of: gateway
        )
    }

    @inline(never)
    private mutating func renewWhileReceivingAtOwner(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isOwner(of: gateway) else {
            renewWhileReceiving(session, of: peer, at: moment, into: &outgoing)
            return
        }
        guard session.pointee.mayAskForRenewal(at: moment.now) else { return }
        notifyOwner(
            .renewalWanted(peer.pointee.handle, session: session.pointee.localIndex),
            of: gateway
        )
    }

    /// §6.2: a session that packets are sent with is due for renewal.
    @inline(never)
    mutating func requestSuccessorAtOwner(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isOwner(of: gateway) else {
            requestSession(with: peer, at: moment, into: &outgoing)
            return
        }
        guard session.pointee.mayAskForRenewal(at: moment.now) else { return }
        notifyOwner(.sessionWanted(peer.pointee.handle), of: gateway)
    }
}

/// A peer whose counters changed.
struct DueReport {
    let gateway: GatewayHandle
    let peer: PeerHandle
}
