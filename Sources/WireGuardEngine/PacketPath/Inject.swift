import NetAddress
import Synchronization

/// Door 2: plain packets from an interface. Behind it they go the way of all packets, without the steps that
/// only sealed ones need.
///
/// The interface of a node is behind all its gateways with egress: a packet's destination is in the mapped
/// range of one of them, and its source is one that this gateway's peers may reach. The interface of a
/// client's host has one gateway, and may send whatever it routes there.
extension Engine {
    /// Takes what one read of an interface brought. What it causes to be sent is appended to the turn's batch,
    /// which points into the packets' own memory.
    public mutating func inject(
        _ run: PacketRun,
        in turn: inout Turn
    ) {
        reclaim()
        ranges.refresh(&seenRanges)
        var start = 0
        while start < run.packets.count {
            let count = min(run.packets.count - start, InFlight.maximumRun)
            let part = UnsafeBufferPointer(rebasing: run.packets[start..<start + count])
            let routed = enter(part, for: run.gateway, in: &turn)
            send(routed, from: nil, in: &turn)
            start += count
        }
    }

    /// Puts those packets in flight that go on.
    private mutating func enter(
        _ packets: UnsafeBufferPointer<PlainPacket>,
        for host: GatewayHandle?,
        in turn: inout Turn
    ) -> Int {
        var routed = 0
        var kept: KeptVerdict?
        var entered: (target: PeerPointer, gateway: GatewayPointer, count: PacketCount)?
        var last:
            (destination: InnerPacket.FlowAddress, gateway: GatewayPointer, view: CurrentView)?
        for plain in packets {
            let start = plain.start.assumingMemoryBound(to: UInt8.self)
            guard let inner = InnerPacket(start, available: plain.length) else {
                strayPackets.add(1, .malformedPacket)
                continue
            }
            let gateway: GatewayPointer
            let view: CurrentView
            if let last, last.destination == inner.destination {
                (_, gateway, view) = last
            } else {
                guard let found = self.gateway(for: inner, of: host) else {
                    strayPackets.add(1, .martian)
                    continue
                }
                gateway = found
                view = self.view(of: found)
                last = (inner.destination, gateway, view)
            }
            var packet = InFlight(
                message: start - PacketRun.headroom,
                available: min(
                    Self.availableLength(inner.length, mtu: gateway.mtu),
                    plain.room
                )
            )
            packet.length = inner.length
            let flow = view.flow(of: start, inner, lookingAtPorts: view.looksAtPorts)
            let verdict: Verdict
            if let kept, kept.holds(for: inner, flow) {
                verdict = kept.verdict
            } else {
                verdict = judge(packet, inner, flow, on: gateway, by: view)
                kept = KeptVerdict(verdict, for: inner, flow)
            }
            let exit: Exit
            switch verdict {
            case .forward(let decided, let kind):
                exit = decided
                packet.kind = kind
            case .spread(let hops, let kind):
                guard let lane = hops.lane(for: start, inner, of: gateway.pointee.peers) else {
                    refuse(
                        packet,
                        inner,
                        .linkDown,
                        to: .interface(gateway),
                        on: gateway,
                        in: &turn
                    )
                    continue
                }
                exit = .peer(lane)
                packet.kind = kind
            case .drop(let reason):
                refuse(packet, inner, reason, to: .interface(gateway), on: gateway, in: &turn)
                continue
            }
            guard
                prepare(
                    packet,
                    inner,
                    from: .interface(gateway),
                    to: exit,
                    on: gateway,
                    by: view,
                    in: &turn
                )
            else { continue }
            packet.exit = exit
            if inner.transportProtocol == ICMP.protocolV4 {
                view.nameError(start, inner, by: gateway)
            }
            if case .peer(let target) = exit {
                if let known = entered, known.target != target {
                    recordEntered(known.count, for: known.target, on: known.gateway)
                    entered = nil
                }
                var count = entered?.count ?? PacketCount()
                count.add(inner.length)
                entered = (target, gateway, count)
            }
            (flight + routed).initialize(to: packet)
            routed += 1
        }
        if let entered { recordEntered(entered.count, for: entered.target, on: entered.gateway) }
        return routed
    }

    @inline(__always)
    private func gateway(for packet: InnerPacket, of host: GatewayHandle?) -> GatewayPointer? {
        if let host { return find(host) }
        guard !packet.isIPv6,
            let handle = seenRanges.table.gateway(at: packet.destination)
        else { return nil }
        return find(handle)
    }

    @inline(__always)
    private func judge(
        _ packet: InFlight,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        on gateway: GatewayPointer,
        by view: CurrentView
    ) -> Verdict {
        guard gateway.pointee.localDelivery != .interface else {
            return judgeOfHost(inner, on: gateway, by: view)
        }
        // The view decides, whatever the ranges say.
        guard !inner.isIPv6, view.isMapped(inner.destination.v4) else { return .drop(.martian) }
        let sender = view.checkSource(inner, isError: ICMP.isError(packet.payload, inner))
        if let reason = sender.reason { return .drop(reason) }
        guard let grant = view.entry(of: packet.payload, inner, flow, by: sender.grant) else {
            return .drop(.unsolicited)
        }
        let inside = InnerPacket.FlowAddress(.v4(view.inside(inner.destination.v4)))
        switch view.resolve(inside, isIPv6: false) {
        case .route(.peer(let handle), _):
            return Self.verdict(onPeer: handle, of: gateway.pointee.peers, as: grant.kind)
        case .route(.link(let index), _):
            // The gateway at the other end takes it from this link alone.
            return view.spread(directlyToward: index, as: grant.kind)
        default:
            // Also of the gateway itself, which asks no questions that way.
            return .drop(.unsolicited)
        }
    }

    private func judgeOfHost(
        _ inner: InnerPacket,
        on gateway: GatewayPointer,
        by view: CurrentView
    ) -> Verdict {
        guard
            case .peer(let handle) = view.destination(of: inner.destination, isIPv6: inner.isIPv6)
        else { return .drop(.noRoute) }
        // From the gateway's own host.
        return Self.verdict(onPeer: handle, of: gateway.pointee.peers, as: nil)
    }
}
