import NetAddress
import Synchronization

/// Step 4: where to, and may it go there?
/// Before: opened packets. After: packets with a target, one hop older; the others were answered
/// or dropped and counted.
extension Engine {
    /// What was decided for one flow; it holds for the packets of the flow that follow in the run.
    private enum Verdict {
        case forward(PeerPointer)
        case local
        case drop(DropReason)
    }

    /// Routes the first `count` packets in flight and moves those that go on to the front.
    @inline(__always)
    mutating func route(
        _ count: Int,
        from sender: PeerPointer,
        on gateway: GatewayPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> Int {
        let table = table(of: gateway)
        var routed = 0
        var known: (flow: InnerPacket, verdict: Verdict)?
        for index in 0..<count {
            var packet = flight[index]
            // An empty payload is a keepalive: it has done its work.
            guard packet.available > 0 else { continue }
            guard let inner = InnerPacket(packet.payload, available: packet.available) else {
                gateway.pointee.drops.record(.malformedPacket)
                noteDrop(.malformedPacket, of: nil, from: sender, at: moment)
                continue
            }
            let verdict: Verdict
            if let known, inner.isSameFlow(as: known.flow) {
                verdict = known.verdict
            } else {
                verdict = judge(inner, from: sender, in: table, of: gateway.pointee.peers)
                known = (inner, verdict)
            }
            packet.length = inner.length
            switch verdict {
            case .forward(let target):
                guard inner.hopLimit > 1 else {
                    refuse(
                        packet,
                        inner,
                        .hopLimitExceeded,
                        to: sender,
                        on: gateway,
                        at: moment,
                        into: &outgoing
                    )
                    continue
                }
                // Without DF a larger packet goes on: the outer datagram is fragmented instead.
                let mtu = target.pointee.gateway.pointee.mtu
                guard
                    inner.length <= mtu || !inner.mustNotFragment
                        || inner.length <= inner.limit(ofMTU: mtu)
                else {
                    refuse(
                        packet,
                        inner,
                        .tooBig,
                        mtu: mtu,
                        to: sender,
                        on: gateway,
                        at: moment,
                        into: &outgoing
                    )
                    continue
                }
                InnerPacket.decrementHopLimit(packet.payload, isIPv6: inner.isIPv6)
                if ClampMSS.mayConcern(packet.payload, inner) {
                    ClampMSS.apply(to: packet.payload, inner, mtu: min(mtu, gateway.pointee.mtu))
                }
                packet.target = target
            case .local:
                guard deliver(packet, inner, from: sender, on: gateway, at: moment, into: &outgoing)
                else { continue }
                packet.target = sender
            case .drop(let reason):
                refuse(packet, inner, reason, to: sender, on: gateway, at: moment, into: &outgoing)
                continue
            }
            flight[routed] = packet
            routed += 1
        }
        return routed
    }

    @inline(__always)
    private func judge(
        _ packet: InnerPacket,
        from sender: PeerPointer,
        in table: Unmanaged<ForwardingTable>,
        of peers: PeerTable
    ) -> Verdict {
        let (isAllowed, destination) = table._withUnsafeGuaranteedRef { table in
            (
                isSourceAllowed(packet, from: sender, in: table),
                table.destination(of: packet.destination, isIPv6: packet.isIPv6)
            )
        }
        guard isAllowed, packet.source.isUnicast(isIPv6: packet.isIPv6) else {
            return .drop(.sourceNotAllowed)
        }
        switch destination {
        case .peer(let handle):
            guard let target = peers.find(handle) else { return .drop(.noRoute) }
            // A live session implies a known endpoint. Reading the endpoint takes a lock, so it is
            // read only without a session.
            guard target.pointee.currentSession != nil || target.pointee.addressPair != nil else {
                return .drop(.noEndpoint)
            }
            return .forward(target)
        case .gateway:
            return .local
        case nil:
            return .drop(.noRoute)
        }
    }

    /// A packet to the gateway's own address. True when it was turned into an answer that goes
    /// back to its sender.
    private mutating func deliver(
        _ packet: InFlight,
        _ inner: InnerPacket,
        from sender: PeerPointer,
        on gateway: GatewayPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> Bool {
        if gateway.pointee.localDelivery == .host {
            delivered.append(
                Delivery(
                    gateway: gateway.pointee.handle,
                    packet: UnsafeRawBufferPointer(start: packet.payload, count: inner.length)
                )
            )
            return false
        }
        // Only a receiver that puts fragments together could answer one.
        guard !inner.isFragment else {
            gateway.pointee.drops.record(.notForwarded)
            noteDrop(.notForwarded, of: inner, from: sender, at: moment)
            return false
        }
        guard inner.hasValidChecksums(packet.payload) else {
            gateway.pointee.drops.record(.badChecksum)
            noteDrop(.badChecksum, of: inner, from: sender, at: moment)
            return false
        }
        if ICMP.answerEcho(packet.payload, inner) {
            sender.pointee.activity.withLock { $0.answeredEcho() }
            return true
        }
        refuse(packet, inner, .notForwarded, to: sender, on: gateway, at: moment, into: &outgoing)
        return false
    }

    /// Counts a packet as dropped and, where a router owes one, sends the ICMP error. `mtu` is the
    /// one that the packet exceeds.
    private mutating func refuse(
        _ packet: InFlight,
        _ inner: InnerPacket,
        _ reason: DropReason,
        mtu: Int = 0,
        to sender: PeerPointer,
        on gateway: GatewayPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        gateway.pointee.drops.record(reason)
        noteDrop(reason, of: inner, exceeding: mtu, from: sender, at: moment)
        guard let error = ICMPError(reason, about: inner, mtu: mtu),
            ICMP.mayAnswer(packet.payload, inner),
            // Before the two conditions below, which take the lock of the gateway's addresses: a
            // peer's flood contends for that lock no more often than its budget allows.
            sender.pointee.activity.withLock({ $0.errorBudget.take(at: moment.now) }),
            // A broadcast that a route leads to a peer is an address like any other.
            reason != .noRoute || !gateway.pointee.isBroadcast(inner),
            let source = gateway.pointee.errorSource(for: reason, about: inner)
        else { return }
        send(
            error,
            about: packet.payload,
            inner,
            from: source,
            to: sender,
            at: moment,
            into: &outgoing
        )
    }
}
