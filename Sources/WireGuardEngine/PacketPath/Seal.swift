import WireGuardCrypto

/// Step 7, to a peer: seal for it and put it into the batch.
/// Before: plaintexts. After: transport messages of the target's session, in the bytes they arrived in.
extension Engine {
    /// - Parameter count: of the packets of the group.
    @inline(__always)
    mutating func seal(
        _ group: Range<Int>,
        _ count: PacketCount,
        as kind: TrafficKind?,
        to target: PeerPointer,
        in turn: inout Turn
    ) {
        guard let session = target.currentSession, session.pointee.maySend(at: turn.now),
            let first = session.pointee.reserveCounters(UInt64(group.count))
        else {
            awaitSession(group, count, with: target, in: &turn)
            return
        }
        var bytes = 0
        for index in group {
            bytes &+= Self.sealedLength(flight[index].length, available: flight[index].available)
        }
        let pair = recordSent(
            to: target,
            packets: group.count,
            bytes: UInt64(bytes),
            data: true,
            at: turn.now
        )
        guard let pair else {
            target.gateway.recordDrop(.noEndpoint, count: group.count)
            if kind != nil, Self.isLimited(target) { giveBack(count, .sent, of: target) }
            return
        }
        meter(count, .sent, kind, of: target)
        let gateway = target.gateway.handle
        var merging = turn.outgoing.continues(gateway, pair)
        var counter = first
        for index in group {
            let packet = flight[index]
            let length = Self.seal(
                packet.message,
                length: packet.length,
                available: packet.available,
                with: session,
                counter: counter
            )
            counter &+= 1
            guard
                turn.outgoing.append(
                    packet.message,
                    length,
                    from: gateway,
                    to: pair,
                    merging: merging
                )
            else {
                target.gateway.recordDrop(.batchFull)
                continue
            }
            merging = true
        }
        if session.pointee.isDueForRenewal(at: turn.now) {
            askForSuccessor(of: session, in: &turn)
        }
    }

    /// Packets for a peer without a session wait at the gateway's owner while a handshake runs.
    @inline(never)
    private mutating func awaitSession(
        _ group: Range<Int>,
        _ count: PacketCount,
        with target: PeerPointer,
        in turn: inout Turn
    ) {
        let gateway = target.gateway
        // What is sent later is within the limits then.
        if flight[group.lowerBound].kind != nil, Self.isLimited(target) {
            giveBack(count, .sent, of: target)
        }
        guard target.addressPair != nil else {
            gateway.recordDrop(.noEndpoint, count: group.count)
            return
        }
        for index in group {
            let packet = flight[index]
            askToStage(packet.payload.bytes(0..<packet.length), as: packet.kind, for: target)
        }
        if isOwner(of: gateway) { requestSession(with: target, in: &turn) }
    }

    /// Writes header, padding and tag around a payload of `length` bytes that lies behind the
    /// header; `available` bounds payload and padding. Returns the message's length.
    ///
    /// Padding fills up to 16 bytes and stays within what was received, so that it never makes a
    /// packet larger than the sender's MTU allowed.
    @inline(__always)
    static func seal(
        _ message: UnsafeMutablePointer<UInt8>,
        length: Int,
        available: Int,
        with session: SessionPointer,
        counter: UInt64
    ) -> Int {
        let padded = paddedLength(length, available: available)
        let payload = message + TransportLayout.payload
        if padded > length { (payload + length).update(repeating: 0, count: padded - length) }
        message.storeLittle(TransportLayout.type, at: 0)
        message.storeLittle(session.pointee.remoteIndex, at: TransportLayout.receiver)
        message.storeLittle(counter, at: TransportLayout.counter)
        session.pointee.sending.seal(payload, count: padded, counter: counter)
        return TransportLayout.payload + padded + TransportLayout.tagLength
    }

    @inline(__always)
    static func sealedLength(_ length: Int, available: Int) -> Int {
        TransportLayout.payload + paddedLength(length, available: available)
            + TransportLayout.tagLength
    }

    @inline(__always)
    private static func paddedLength(_ length: Int, available: Int) -> Int {
        let multiple = Constant.paddingMultiple
        return min((length + multiple - 1) & ~(multiple - 1), available)
    }
}
