import Synchronization

/// The journey of a run of transport messages through the gateway, without leaving the thread or
/// the receive buffer. Each step is the file of the same name in this folder.
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
        guard let (session, sender) = identify(on: gateway) else {
            gateway.pointee.drops.record(.unknownReceiver, count: count)
            return
        }
        let opened = open(count, with: session, on: gateway, at: moment.now)
        guard opened.packets > 0 else { return }
        noteReceived(opened, from: sender, with: session, on: path, at: moment, into: &outgoing)
        let routed = route(opened.packets, from: sender, on: gateway, at: moment, into: &outgoing)
        seal(routed, at: moment, into: &outgoing)
    }

    /// Once per run: who sent it is alive, and is where it sent it from.
    @inline(__always)
    private mutating func noteReceived(
        _ opened: Opened,
        from sender: PeerPointer,
        with session: SessionPointer,
        on path: Path,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        sender.pointee.receivedPackets &+= UInt64(opened.packets)
        sender.pointee.receivedBytes &+= opened.bytes
        noteAuthenticated(from: sender, on: path, data: opened.hasData, at: moment)
        if session != sender.pointee.currentSession {
            confirm(session, of: sender, at: moment, into: &outgoing)
        }
        if session.pointee.isInitiator,
            moment.now.since(session.pointee.createdAt) >= Constant.rekeyAfterTimeReceiving
        {
            renewWhileReceiving(session, of: sender, at: moment, into: &outgoing)
        }
    }

    /// The endpoint follows the newest authenticated packet; timers as in §6.5.
    @inline(__always)
    mutating func noteAuthenticated(
        from sender: PeerPointer,
        on path: Path,
        data: Bool,
        at moment: Moment
    ) {
        if sender.pointee.path != path { sender.pointee.path = path }
        sender.pointee.lastSeen = moment.wall
        let armed = sender.pointee.clock.received(data: data, at: moment.now)
        if armed { timers.schedule(sender, at: sender.pointee.clock.passiveKeepaliveDue) }
        noteChange(of: sender)
    }

    /// Once per group of sealed packets.
    @inline(__always)
    mutating func noteSent(
        to target: PeerPointer,
        with session: SessionPointer,
        packets: UInt64,
        bytes: UInt64,
        data: Bool,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        target.pointee.sentPackets &+= packets
        target.pointee.sentBytes &+= bytes
        let armed = target.pointee.clock.sent(data: data, at: moment.now, jitter: jitter.next())
        if armed { timers.schedule(target, at: target.pointee.clock.newHandshakeDue) }
        noteChange(of: target)
        let isOld =
            session.pointee.isInitiator
            && moment.now.since(session.pointee.createdAt) >= Constant.rekeyAfterTime
        let used = session.pointee.sendCounter.load(ordering: .relaxed)
        if isOld || used >= Constant.rekeyAfterMessages {
            requestSession(with: target, at: moment, into: &outgoing)
        }
    }

    @inline(__always)
    mutating func noteChange(of peer: PeerPointer) {
        guard !peer.pointee.isReportDue else { return }
        peer.pointee.isReportDue = true
        dueReports.append(peer.pointee.handle)
    }
}
