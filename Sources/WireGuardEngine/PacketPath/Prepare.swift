/// Step 6: what a router does to a packet that goes on.
/// Before: a packet with an exit. After: one hop older, no larger than what comes next carries, with the
/// addresses of the side that it leaves on; the others were answered or dropped and counted.
extension Engine {
    /// False where the packet goes no further.
    @inline(__always)
    mutating func prepare(
        _ packet: InFlight,
        _ inner: InnerPacket,
        from origin: Origin,
        to exit: Exit,
        on gateway: GatewayPointer,
        by view: CurrentView,
        in turn: inout Turn
    ) -> Bool {
        let mtu: Int
        var takesHop = false
        switch (origin, exit) {
        case (.peer, .peer(let target)):
            takesHop = true
            mtu = target.gateway.mtu
        case (.interface, .peer(let target)):
            mtu = target.gateway.mtu
        case (_, .interface), (_, .local):
            mtu = gateway.mtu
        }
        // The system forwards what passes the interface and takes the hop, in both directions. That it
        // would end there is said here, in the gateway's own name.
        if inner.hopLimit <= 1, case .peer = origin, gateway.pointee.localDelivery != .interface {
            refuse(
                packet,
                inner,
                .hopLimitExceeded,
                to: origin,
                on: gateway,
                in: &turn
            )
            return false
        }
        // Without DF a larger packet goes on: the outer datagram is fragmented instead.
        guard
            inner.length <= mtu || !inner.mustNotFragment
                || inner.length <= inner.limit(ofMTU: mtu)
        else {
            refuse(
                packet,
                inner,
                .tooBig,
                mtu: mtu,
                to: origin,
                on: gateway,
                in: &turn
            )
            return false
        }
        if takesHop { InnerPacket.decrementHopLimit(packet.payload, isIPv6: inner.isIPv6) }
        if ClampMSS.mayConcern(packet.payload, inner) {
            ClampMSS.apply(to: packet.payload, inner, mtu: min(mtu, gateway.mtu))
        }
        if case .peer = origin, case .peer = exit { return true }
        guard view.translate(packet.payload, inner, from: origin) else {
            gateway.recordDrop(.malformedPacket)
            return false
        }
        return true
    }
}
