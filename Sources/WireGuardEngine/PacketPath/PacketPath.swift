import Synchronization

/// The journey of a run of transport messages through the gateway, without leaving the thread or
/// the receive buffer. Each step is the file of the same name in this folder. Plain packets from an interface
/// join it in `Inject`.
///
/// Any worker that carries the gateway may do this. What only the gateway's owner may change is asked of it
/// (`AskOwner.swift`).
extension Engine {
    /// Takes the `count` messages that `gather` put in flight.
    @inline(__always)
    mutating func forward(
        _ count: Int,
        on gateway: GatewayPointer,
        from pair: AddressPair,
        in turn: inout Turn
    ) {
        guard let session = identify(on: gateway) else {
            gateway.recordDrop(.unknownReceiver, count: count)
            return
        }
        let opened = open(count, with: session, on: gateway, at: turn.now)
        guard opened.packets > 0 else { return }
        recordReceived(opened, with: session, on: pair, in: &turn)
        let sender = session.peer
        var routed = route(opened.packets, from: sender, on: gateway, in: &turn)
        if Self.isLimited(sender) {
            routed = limit(0..<routed, .received, of: sender, in: &turn).group.count
        }
        send(routed, from: sender, in: &turn)
    }

    /// Seals or emits the first `count` packets in flight, a group of neighbours with one exit and kind at a time.
    ///
    /// - Parameter sender: nil for packets from the interface.
    @inline(__always)
    mutating func send(_ count: Int, from sender: PeerPointer?, in turn: inout Turn) {
        var start = 0
        var taken = TakenPackets()
        while start < count {
            let (exit, kind) = (flight[start].exit, flight[start].kind)
            var group = PacketCount()
            var end = start
            repeat {
                group.add(flight[end].length)
                end += 1
            } while end < count && flight[end].exit == exit && flight[end].kind == kind
            if let sender, let before = taken.add(group, kind) {
                meter(before.count, .received, before.kind, of: sender)
            }
            switch exit {
            case .peer(let target):
                var whole = (group: start..<end, count: group)
                if Self.isLimited(target) {
                    whole = limit(whole.group, .sent, of: target, in: &turn)
                }
                if !whole.group.isEmpty {
                    seal(whole.group, whole.count, as: kind, to: target, in: &turn)
                }
            case .interface(let gateway): emit(start..<end, of: gateway, in: &turn)
            case .local: break
            }
            start = end
        }
        if let sender { meter(taken.count, .received, taken.kind, of: sender) }
    }

    /// Once per run: counts it, moves the peer's endpoint and timers, and starts what its session is
    /// due for.
    @inline(__always)
    private mutating func recordReceived(
        _ opened: Opened,
        with session: SessionPointer,
        on pair: AddressPair,
        in turn: inout Turn
    ) {
        recordAuthenticated(
            from: session.peer,
            on: pair,
            packets: opened.packets,
            bytes: opened.bytes,
            data: opened.hasData,
            at: turn.moment
        )
        if !session.pointee.isConfirmed.load(ordering: .relaxed) {
            askForConfirmation(of: session, in: &turn)
        }
        if session.pointee.isInitiator,
            turn.now.since(session.pointee.createdAt) >= Constant.rekeyAfterTimeReceiving
        {
            askForRenewal(of: session, in: &turn)
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
        if effects.wake != .never { askForWake(of: peer, at: effects.wake) }
        if effects.isNewlyDue { enlist(peer) }
    }

    /// The next report has to have this peer.
    @inline(__always)
    mutating func enlist(_ peer: PeerPointer) {
        dueReports.append(
            DueReport(
                gateway: peer.gateway.handle,
                peer: peer.handle
            )
        )
    }
}

/// A peer whose counters changed.
struct DueReport {
    let gateway: GatewayHandle
    let peer: PeerHandle
}
