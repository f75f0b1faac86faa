import NetAddress
import Synchronization

/// Step 5: where to?
/// Before: opened packets. After: packets with an exit; the others were answered or dropped and
/// counted.
extension Engine {
    /// Routes the first `count` packets in flight and moves those that go on to the front.
    @inline(__always)
    mutating func route(
        _ count: Int,
        from sender: PeerPointer,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) -> Int {
        let view = view(of: gateway)
        let looksAtPorts = view.looksAtPorts
        var routed = 0
        var left = PacketCount()
        var kept: KeptVerdict?
        for index in 0..<count {
            var packet = flight[index]
            // An empty payload is a keepalive: it has done its work.
            guard packet.available > 0 else { continue }
            guard let inner = InnerPacket(packet.payload, available: packet.available) else {
                gateway.recordDrop(.malformedPacket)
                noteDrop(.malformedPacket, of: nil, from: sender, at: turn.moment)
                continue
            }
            packet.length = inner.length
            let flow = view.flow(of: packet.payload, inner, lookingAtPorts: looksAtPorts)
            let verdict: Verdict
            if let kept, kept.holds(for: inner, flow) {
                verdict = kept.verdict
            } else {
                verdict = judge(packet, inner, flow, from: sender, on: gateway, by: view)
                kept = KeptVerdict(verdict, for: inner, flow)
            }
            let exit: Exit
            switch verdict {
            case .forward(let decided, let kind):
                exit = decided
                packet.kind = kind
            case .spread(let hops, let kind):
                guard let lane = hops.lane(for: packet.payload, inner, of: gateway.pointee.peers)
                else {
                    refuse(packet, inner, .linkDown, to: .peer(sender), on: gateway, in: &turn)
                    continue
                }
                exit = .peer(lane)
                packet.kind = kind
            case .drop(let reason):
                refuse(packet, inner, reason, to: .peer(sender), on: gateway, in: &turn)
                continue
            }
            if case .local = exit {
                guard deliver(packet, inner, from: sender, on: gateway, in: &turn)
                else { continue }
                packet.exit = .peer(sender)
            } else {
                guard
                    prepare(
                        packet,
                        inner,
                        from: .peer(sender),
                        to: exit,
                        on: gateway,
                        by: view,
                        in: &turn
                    )
                else { continue }
                packet.exit = exit
                if case .interface = exit { left.add(inner.length) }
            }
            flight[routed] = packet
            routed += 1
        }
        if !left.isZero { recordLeft(left, by: sender, on: gateway) }
        return routed
    }

    @inline(__always)
    private func judge(
        _ packet: InFlight,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        from sender: PeerPointer,
        on gateway: GatewayPointer,
        by view: CurrentView
    ) -> Verdict {
        if let remote = view.remote {
            return judge(packet, inner, flow, fromLinkTo: remote, on: gateway, by: view)
        }
        guard view.isSourceAllowed(inner, from: sender) else { return .drop(.sourceNotAllowed) }
        guard gateway.pointee.localDelivery != .interface else {
            // To the gateway's own host.
            return .forward(.interface(gateway), nil)
        }
        switch view.resolve(inner.destination, isIPv6: inner.isIPv6) {
        case .route(.peer(let handle), _):
            return Self.verdict(onPeer: handle, of: gateway.pointee.peers, as: .hairpin)
        case .route(.gateway, _):
            return .forward(.local, nil)
        case .route(.link(let index), _):
            return view.spread(toward: index)
        case .outside(let grant):
            guard view.mayLeave(packet.payload, inner, flow, by: grant) else {
                return .drop(.egressNotAllowed)
            }
            guard let link = grant.link else {
                return .forward(.interface(gateway), grant.kind)
            }
            return view.spread(directlyToward: link, as: grant.kind)
        case .nowhere(let reason):
            return .drop(reason)
        }
    }

    @inline(never)
    private func judge(
        _ packet: InFlight,
        _ inner: InnerPacket,
        _ flow: TransportFlow?,
        fromLinkTo remote: UInt32,
        on gateway: GatewayPointer,
        by view: CurrentView
    ) -> Verdict {
        switch view.judgeFromLink(packet.payload, inner, flow, of: remote) {
        case .peer(let handle, let kind):
            Self.verdict(onPeer: handle, of: gateway.pointee.peers, as: kind)
        case .local:
            .forward(.local, nil)
        case .transit(let hops):
            .spread(hops, .link)
        case .interface(let grant):
            view.mayLeave(packet.payload, inner, flow, by: grant)
                ? .forward(.interface(gateway), grant.kind) : .drop(.egressNotAllowed)
        case .drop(let reason):
            .drop(reason)
        }
    }

    @inline(__always)
    static func verdict(
        onPeer handle: PeerHandle,
        of peers: PeerTable,
        as kind: TrafficKind?
    ) -> Verdict {
        guard let target = peers.find(handle) else { return .drop(.noRoute) }
        // A live session implies a known endpoint. Reading the endpoint takes a lock, so it is
        // read only without a session.
        guard target.currentSession != nil || target.addressPair != nil else {
            return .drop(.noEndpoint)
        }
        return .forward(.peer(target), kind)
    }

    /// A packet to the gateway's own address. True when it was turned into an answer that goes
    /// back to its sender.
    private mutating func deliver(
        _ packet: InFlight,
        _ inner: InnerPacket,
        from sender: PeerPointer,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) -> Bool {
        if gateway.pointee.localDelivery == .host {
            delivered.append(
                Delivery(
                    gateway: gateway.handle,
                    packet: UnsafeRawBufferPointer(start: packet.payload, count: inner.length)
                )
            )
            return false
        }
        // Only a receiver that puts fragments together could answer one.
        guard !inner.isFragment else {
            gateway.recordDrop(.notForwarded)
            noteDrop(.notForwarded, of: inner, from: sender, at: turn.moment)
            return false
        }
        guard inner.hasValidChecksums(packet.payload) else {
            gateway.recordDrop(.badChecksum)
            noteDrop(.badChecksum, of: inner, from: sender, at: turn.moment)
            return false
        }
        if let number = ICMPEcho.answer(in: packet.payload, inner),
            recordProbeAnswer(number, from: inner.source.v4, to: sender, at: turn.now)
        {
            return false
        }
        if ICMP.answerEcho(packet.payload, inner) {
            sender.pointee.activity.withLock { $0.answeredEcho() }
            return true
        }
        refuse(
            packet,
            inner,
            .notForwarded,
            to: .peer(sender),
            on: gateway,
            in: &turn
        )
        return false
    }
}
