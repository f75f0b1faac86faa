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
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        guard let gateway = find(handle) else { return .noRoute }
        let reason = originate(packet, on: gateway, at: moment, into: &outgoing)
        if let reason { gateway.pointee.drops.record(reason) }
        return reason
    }

    private mutating func originate(
        _ packet: UnsafeRawBufferPointer,
        on gateway: GatewayPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> DropReason? {
        guard let message = reserve(packet.count, in: &outgoing) else { return .batchFull }
        let payload = message + TransportLayout.payload
        UnsafeMutableRawBufferPointer(start: payload, count: packet.count).copyMemory(from: packet)
        guard let inner = InnerPacket(payload, available: packet.count) else {
            return .malformedPacket
        }
        let table = table(of: gateway)
        guard
            case .peer(let handle) = table._withUnsafeGuaranteedRef({
                $0.destination(of: inner.destination, isIPv6: inner.isIPv6)
            }),
            let target = gateway.pointee.peers.find(handle)
        else { return .noRoute }
        guard target.pointee.addressPair != nil else { return .noEndpoint }
        guard sendNow(message, length: inner.length, to: target, at: moment, into: &outgoing) else {
            stage(payload.bytes(0..<inner.length), for: target)
            requestSession(with: target, at: moment, into: &outgoing)
            return nil
        }
        return nil
    }

    /// Sends an ICMP error about a packet back to the peer that it came from.
    mutating func send(
        _ error: ICMPError,
        about packet: UnsafeMutablePointer<UInt8>,
        _ inner: InnerPacket,
        from source: InnerPacket.FlowAddress,
        to sender: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let quoted = packet.bytes(0..<inner.length)
        let length = ICMPError.length(quoting: quoted.count, isIPv6: inner.isIPv6)
        guard let message = reserve(length, in: &outgoing) else { return }
        let payload = message + TransportLayout.payload
        if inner.isIPv6 {
            error.write(to: payload, length: length, from: source.v6, quoting: quoted)
        } else {
            error.write(to: payload, length: length, from: source.v4, quoting: quoted)
        }
        _ = sendNow(message, length: length, to: sender, at: moment, into: &outgoing)
    }

    /// §6.5: an empty packet. Starts a handshake instead where the peer has no session.
    mutating func sendKeepalive(
        to peer: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let message = reserve(0, in: &outgoing) else { return }
        guard sendNow(message, length: 0, to: peer, at: moment, into: &outgoing) else {
            requestSession(with: peer, at: moment, into: &outgoing)
            return
        }
    }

    /// Room for a transport message around a payload of `length` bytes.
    func reserve(
        _ length: Int,
        in outgoing: inout OutgoingBatch
    ) -> UnsafeMutablePointer<UInt8>? {
        outgoing.reserve(TransportLayout.payload + length + Constant.paddingMultiple + 16)
    }

    /// Seals a message made by `reserve`. False when the peer has no session to do it with.
    mutating func sendNow(
        _ message: UnsafeMutablePointer<UInt8>,
        length: Int,
        to target: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) -> Bool {
        guard let session = target.pointee.currentSession,
            session.pointee.maySend(at: moment.now),
            let counter = session.pointee.reserveCounters(1)
        else { return false }
        let gateway = target.pointee.gateway
        let available = max(length, min(length + Constant.paddingMultiple - 1, gateway.pointee.mtu))
        let pair = recordSent(
            to: target,
            packets: 1,
            bytes: UInt64(Self.sealedLength(length, available: available)),
            data: length > 0,
            at: moment.now
        )
        guard let pair else { return false }
        let sealed = Self.seal(
            message,
            length: length,
            available: available,
            with: session,
            counter: counter
        )
        guard
            outgoing.append(
                message,
                sealed,
                from: gateway.pointee.handle,
                to: pair,
                merging: outgoing.continues(gateway.pointee.handle, pair)
            )
        else {
            gateway.pointee.drops.record(.batchFull)
            return true
        }
        if session.pointee.isDueForRenewal(at: moment.now) {
            requestSuccessorAtOwner(session, at: moment, into: &outgoing)
        }
        return true
    }
}
