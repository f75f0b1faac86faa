import WireGuardCrypto

/// Step 5: seal for the target and put it into the batch.
/// Before: plaintexts with a target. After: transport messages of the target's session, in the
/// bytes they arrived in.
extension Engine {
    /// Seals the first `count` packets in flight, a group of neighbours with one target at a time.
    @inline(__always)
    mutating func seal(_ count: Int, at moment: Moment, into outgoing: inout OutgoingBatch) {
        var start = 0
        while start < count {
            let target = flight[start].target
            var end = start + 1
            while end < count, flight[end].target == target { end += 1 }
            if let target { seal(start..<end, to: target, at: moment, into: &outgoing) }
            start = end
        }
    }

    @inline(__always)
    private mutating func seal(
        _ group: Range<Int>,
        to target: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        guard let session = target.pointee.currentSession, session.pointee.maySend(at: moment.now),
            let first = session.pointee.reserveCounters(UInt64(group.count))
        else {
            awaitSession(group, with: target, at: moment, into: &outgoing)
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
            at: moment.now
        )
        guard let pair else {
            target.pointee.gateway.pointee.drops.record(.noEndpoint, count: group.count)
            return
        }
        let gateway = target.pointee.gateway.pointee.handle
        var merging = outgoing.continues(gateway, pair)
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
                outgoing.append(packet.message, length, from: gateway, to: pair, merging: merging)
            else {
                target.pointee.gateway.pointee.drops.record(.batchFull)
                continue
            }
            merging = true
        }
        if session.pointee.isDueForRenewal(at: moment.now) {
            requestSuccessorAtOwner(session, at: moment, into: &outgoing)
        }
    }

    /// Packets for a peer without a session wait at the gateway's owner while a handshake runs.
    @inline(never)
    private mutating func awaitSession(
        _ group: Range<Int>,
        with target: PeerPointer,
        at moment: Moment,
        into outgoing: inout OutgoingBatch
    ) {
        let gateway = target.pointee.gateway
        guard target.pointee.addressPair != nil else {
            gateway.pointee.drops.record(.noEndpoint, count: group.count)
            return
        }
        let handle = target.pointee.handle
        for index in group {
            let packet = flight[index].payload.bytes(0..<flight[index].length)
            if isOwner(of: gateway) {
                stage(packet, for: target)
            } else if !notifyOwner(packet, of: gateway, as: { .staged(handle, $0) }) {
                gateway.pointee.drops.record(.stagingFull)
            }
        }
        if isOwner(of: gateway) { requestSession(with: target, at: moment, into: &outgoing) }
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
        message.storeLittle(4 as UInt32, at: 0)
        message.storeLittle(session.pointee.remoteIndex, at: TransportLayout.receiver)
        message.storeLittle(counter, at: TransportLayout.counter)
        session.pointee.sending.seal(payload, count: padded, counter: counter)
        return TransportLayout.payload + padded + 16
    }

    @inline(__always)
    static func sealedLength(_ length: Int, available: Int) -> Int {
        TransportLayout.payload + paddedLength(length, available: available) + 16
    }

    @inline(__always)
    private static func paddedLength(_ length: Int, available: Int) -> Int {
        let multiple = Constant.paddingMultiple
        return min((length + multiple - 1) & ~(multiple - 1), available)
    }
}
