/// What happens to a packet that goes no further: it is counted and, where a router owes an error to its
/// origin, answered.
extension Engine {
    /// `mtu` is the one that the packet exceeds.
    mutating func refuse(
        _ packet: InFlight,
        _ inner: InnerPacket,
        _ reason: DropReason,
        mtu: Int = 0,
        to origin: Origin,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) {
        gateway.recordDrop(reason)
        if case .peer(let sender) = origin {
            noteDrop(reason, of: inner, exceeding: mtu, from: sender, at: turn.moment)
        }
        guard let error = ICMPError(reason, about: inner, mtu: mtu),
            ICMP.mayAnswer(packet.payload, inner),
            // Before the two conditions below, which take the lock of the gateway's addresses: a
            // flood contends for that lock no more often than the budget of its origin allows.
            Self.takesError(origin, at: turn.now),
            // A broadcast that a route leads to a peer is an address like any other.
            reason != .noRoute || !gateway.pointee.isBroadcast(inner),
            let source = gateway.pointee.errorSource(for: reason, about: inner)
        else { return }
        send(
            error,
            about: packet.payload,
            inner,
            from: source,
            to: origin,
            on: gateway,
            in: &turn
        )
    }

    /// Each peer has a budget of errors, and so has the interface's side of each gateway.
    private static func takesError(_ origin: Origin, at now: Instant) -> Bool {
        switch origin {
        case .peer(let sender):
            sender.pointee.activity.withLock { $0.errorBudget.take(at: now) }
        case .interface(let gateway):
            gateway.pointee.interfaceErrors.withLock { $0.take(at: now) }
        }
    }
}
