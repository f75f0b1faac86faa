/// Packets that the engine does not forward in place: ICMP errors, keepalives, staged packets, and
/// those of the host behind a gateway. They are written into the batch's arena.
extension Engine {
    /// Sends an inner packet from the host behind a gateway to the peer that its destination routes
    /// to. Without a session the packet is staged and a handshake started.
    ///
    /// - Returns: why it was dropped, if it was.
    @discardableResult
    public mutating func send(
        _ packet: UnsafeRawBufferPointer,
        from handle: GatewayHandle,
        in turn: inout Turn
    ) -> DropReason? {
        guard let gateway = find(handle) else { return .noRoute }
        let reason = originate(packet, on: gateway, in: &turn)
        if let reason { gateway.recordDrop(reason) }
        return reason
    }

    private mutating func originate(
        _ packet: UnsafeRawBufferPointer,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) -> DropReason? {
        guard let start = packet.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let inner = InnerPacket(UnsafeMutablePointer(mutating: start), available: packet.count)
        else { return .malformedPacket }
        guard
            case .peer(let handle) = view(of: gateway)
                .destination(of: inner.destination, isIPv6: inner.isIPv6),
            let target = gateway.pointee.peers.find(handle)
        else { return .noRoute }
        guard target.addressPair != nil else { return .noEndpoint }
        let whole = UnsafeRawBufferPointer(rebasing: packet[0..<inner.length])
        return sendOrStage(whole, as: nil, for: target, in: &turn)
    }

    /// Without a session the packet waits for one. Returns why it was dropped, if it was.
    mutating func sendOrStage(
        _ packet: UnsafeRawBufferPointer,
        as kind: TrafficKind?,
        for peer: PeerPointer,
        in turn: inout Turn
    ) -> DropReason? {
        switch send(copying: packet, as: kind, to: peer, in: &turn) {
        case .sent:
            return nil
        case .noRoom:
            return .batchFull
        case .noSession:
            stage(packet, as: kind, for: peer)
            requestSession(with: peer, in: &turn)
            return nil
        }
    }

    /// Sends an ICMP error about a packet back to where it came from.
    mutating func send(
        _ error: ICMPError,
        about packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        from source: InnerPacket.FlowAddress,
        to origin: Origin,
        on gateway: GatewayPointer,
        in turn: inout Turn
    ) {
        let quoted = packet.bytes(0..<inner.length)
        let length = ICMPError.length(quoting: quoted.count, isIPv6: inner.isIPv6)
        guard let message = reserve(length, in: &turn) else { return }
        let payload = message + TransportLayout.payload
        let source =
            switch origin {
            case .peer: source
            case .interface: lastView(of: gateway).errorSource(source, about: inner)
            }
        if inner.isIPv6 {
            error.write(to: payload, length: length, from: source.v6, quoting: quoted)
        } else {
            error.write(to: payload, length: length, from: source.v4, quoting: quoted)
        }
        switch origin {
        case .peer(let sender):
            _ = sendNow(message, length: length, to: sender, in: &turn)
        case .interface:
            emit(payload, length: length, of: gateway, in: &turn)
        }
    }

    /// §6.5: an empty packet. Starts a handshake instead where the peer has no session.
    mutating func sendKeepalive(
        to peer: PeerPointer,
        in turn: inout Turn
    ) {
        guard let message = reserve(0, in: &turn) else { return }
        guard sendNow(message, length: 0, to: peer, in: &turn) else {
            requestSession(with: peer, in: &turn)
            return
        }
    }

    enum CopyOutcome {
        case sent
        /// The peer has no session to send it in.
        case noSession
        /// The batch's arena is full.
        case noRoom
    }

    /// Seals a copy of an inner packet.
    mutating func send(
        copying packet: UnsafeRawBufferPointer,
        as kind: TrafficKind?,
        to target: PeerPointer,
        in turn: inout Turn
    ) -> CopyOutcome {
        guard let message = reserve(packet.count, in: &turn) else { return .noRoom }
        let payload = message + TransportLayout.payload
        UnsafeMutableRawBufferPointer(start: payload, count: packet.count).copyMemory(from: packet)
        let isSent = sendNow(message, length: packet.count, as: kind, to: target, in: &turn)
        return isSent ? .sent : .noSession
    }

    /// Room for a transport message around a payload of `length` bytes.
    func reserve(
        _ length: Int,
        in turn: inout Turn
    ) -> UnsafeMutablePointer<UInt8>? {
        turn.outgoing.reserve(
            TransportLayout.payload + length + Constant.paddingMultiple + TransportLayout.tagLength
        )
    }

    /// What a packet that was not received in a message may be padded to: padding never passes the MTU.
    @inline(__always)
    static func availableLength(_ length: Int, mtu: Int) -> Int {
        max(length, min(length + Constant.paddingMultiple - 1, mtu))
    }

    /// Seals a message made by `reserve`; without a kind it is the gateway's own. False when the peer has no session to do it
    /// with. One that exceeds the limits is dropped.
    mutating func sendNow(
        _ message: UnsafeMutablePointer<UInt8>,
        length: Int,
        as kind: TrafficKind? = nil,
        to target: PeerPointer,
        in turn: inout Turn
    ) -> Bool {
        guard let session = target.currentSession,
            session.pointee.maySend(at: turn.now),
            let counter = session.pointee.reserveCounters(1)
        else { return false }
        let gateway = target.gateway
        let available = Self.availableLength(length, mtu: gateway.mtu)
        let count = PacketCount(packets: 1, bytes: UInt64(length))
        if let kind, Self.isLimited(target) {
            var packet = InFlight(message: message, available: available)
            packet.length = length
            packet.kind = kind
            guard isWithinLimits(packet, .sent, of: target, at: turn.moment) else { return true }
        }
        let pair = recordSent(
            to: target,
            packets: 1,
            bytes: UInt64(Self.sealedLength(length, available: available)),
            data: length > 0,
            at: turn.now
        )
        guard let pair else {
            if kind != nil, Self.isLimited(target) { giveBack(count, .sent, of: target) }
            return false
        }
        meter(count, .sent, kind, of: target)
        let sealed = Self.seal(
            message,
            length: length,
            available: available,
            with: session,
            counter: counter
        )
        guard
            turn.outgoing.append(
                message,
                sealed,
                from: gateway.handle,
                to: pair,
                merging: turn.outgoing.continues(gateway.handle, pair)
            )
        else {
            gateway.recordDrop(.batchFull)
            return true
        }
        if session.pointee.isDueForRenewal(at: turn.now) {
            askForSuccessor(of: session, in: &turn)
        }
        return true
    }
}
