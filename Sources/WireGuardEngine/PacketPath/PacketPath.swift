import Synchronization

/// The journey of a run of transport messages through the gateway, without leaving the thread or
/// the receive buffer. Each step is the file of the same name in this folder.
///
/// Any worker may walk it for any gateway that it carries. What belongs to the gateway's home alone
/// is left to it, as a `HomeNotice` where the home is another worker.
extension Engine {
    /// Takes the `count` messages that `gather` put in flight.
    @inline(__always)
    mutating func forward(
        _ count: Int,
        on gateway: GatewayPointer,
        from path: Path,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let session = identify(on: gateway) else {
            gateway.pointee.drops.record(.unknownReceiver, count: count)
            return
        }
        let opened = open(count, with: session, on: gateway, at: moment.now)
        guard opened.packets > 0 else { return }
        noteReceived(opened, with: session, on: path, at: moment, into: &outgoing)
        let sender = session.pointee.peer
        let routed = route(opened.packets, from: sender, on: gateway, at: moment, into: &outgoing)
        seal(routed, at: moment, into: &outgoing)
    }

    /// Once per run: who sent it is alive, and is where it sent it from.
    @inline(__always)
    private mutating func noteReceived(
        _ opened: Opened,
        with session: SessionPointer,
        on path: Path,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        noteAuthenticated(
            from: session.pointee.peer,
            on: path,
            packets: opened.packets,
            bytes: opened.bytes,
            data: opened.hasData,
            at: moment
        )
        if !session.pointee.isConfirmed.load(ordering: .relaxed) {
            noteConfirmed(session, at: moment, into: &outgoing)
        }
        if session.pointee.isInitiator,
            moment.now.since(session.pointee.createdAt) >= Constant.rekeyAfterTimeReceiving
        {
            noteAging(session, at: moment, into: &outgoing)
        }
    }

    /// The endpoint follows the newest authenticated packet; timers as in §6.5.
    @inline(__always)
    mutating func noteAuthenticated(
        from sender: PeerPointer,
        on path: Path,
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at moment: Moment
    ) {
        let consequence = sender.pointee.traffic.withLock {
            $0.received(packets: packets, bytes: bytes, data: data, on: path, at: moment)
        }
        follow(consequence, of: sender)
    }

    /// Counts what is about to be sent to a peer, once per group of packets, and says where the
    /// peer is; nil when nobody knows.
    @inline(__always)
    mutating func noteSent(
        to target: PeerPointer,
        packets: Int,
        bytes: UInt64,
        data: Bool,
        at now: Instant
    ) -> Path? {
        let jitter = jitter.next()
        let (path, consequence) = target.pointee.traffic.withLock { traffic in
            (
                traffic.path,
                traffic.sent(packets: packets, bytes: bytes, data: data, at: now, jitter: jitter)
            )
        }
        follow(consequence, of: target)
        return path
    }

    @inline(__always)
    private mutating func follow(_ consequence: Traffic.Consequence, of peer: PeerPointer) {
        if consequence.wake != .never { wake(peer, at: consequence.wake) }
        if consequence.isNewlyDue {
            dueReports.append(
                DueReport(
                    gateway: peer.pointee.gateway.pointee.handle,
                    peer: peer.pointee.handle
                )
            )
        }
    }

    @inline(never)
    private mutating func wake(_ peer: PeerPointer, at deadline: Instant) {
        let gateway = peer.pointee.gateway
        guard isHome(of: gateway) else {
            leave(.wake(peer.pointee.handle, at: deadline), to: gateway)
            return
        }
        timers.push(TimerQueue.Wake(at: deadline, peer: peer.pointee.handle))
    }

    @inline(never)
    private mutating func noteConfirmed(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isHome(of: gateway) else {
            confirm(session, of: peer, at: moment, into: &outgoing)
            return
        }
        // Told once; the home hears of it for certain.
        guard !session.pointee.isConfirmed.exchange(true, ordering: .relaxed) else { return }
        leave(.confirmed(peer.pointee.handle, session: session.pointee.localIndex), to: gateway)
    }

    @inline(never)
    private mutating func noteAging(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isHome(of: gateway) else {
            renewWhileReceiving(session, of: peer, at: moment, into: &outgoing)
            return
        }
        guard session.pointee.mayAskForRenewal(at: moment.now) else { return }
        leave(.renewalWanted(peer.pointee.handle, session: session.pointee.localIndex), to: gateway)
    }

    /// A session that packets are sent with should have a successor soon.
    @inline(never)
    mutating func noteOld(
        _ session: SessionPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let peer = session.pointee.peer
        let gateway = peer.pointee.gateway
        guard !isHome(of: gateway) else {
            requestSession(with: peer, at: moment, into: &outgoing)
            return
        }
        guard session.pointee.mayAskForRenewal(at: moment.now) else { return }
        leave(.sessionWanted(peer.pointee.handle), to: gateway)
    }
}

/// A peer whose counters changed.
struct DueReport {
    let gateway: GatewayHandle
    let peer: PeerHandle
}
