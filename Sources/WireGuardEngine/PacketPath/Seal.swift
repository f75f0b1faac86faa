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
        guard let path = target.pointee.path else {
            target.pointee.gateway.pointee.drops.record(.noEndpoint, count: group.count)
            return
        }
        guard let session = target.pointee.currentSession, session.pointee.maySend(at: moment.now),
            let first = session.pointee.reserveCounters(UInt64(group.count))
        else {
            for index in group {
                stage(flight[index].payload.bytes(0..<flight[index].length), for: target)
            }
            requestSession(with: target, at: moment, into: &outgoing)
            return
        }
        let gateway = target.pointee.gateway.pointee.handle
        var merging = outgoing.continues(gateway, path)
        var counter = first
        var bytes: UInt64 = 0
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
                outgoing.append(packet.message, length, from: gateway, to: path, merging: merging)
            else {
                target.pointee.gateway.pointee.drops.record(.batchFull)
                continue
            }
            merging = true
            bytes &+= UInt64(length)
        }
        noteSent(
            to: target,
            with: session,
            packets: UInt64(group.count),
            bytes: bytes,
            data: true,
            at: moment,
            into: &outgoing
        )
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
        let multiple = Constant.paddingMultiple
        let padded = min((length + multiple - 1) & ~(multiple - 1), available)
        let payload = message + TransportLayout.payload
        if padded > length { (payload + length).update(repeating: 0, count: padded - length) }
        message.storeLittle(4 as UInt32, at: 0)
        message.storeLittle(session.pointee.remoteIndex, at: TransportLayout.receiver)
        message.storeLittle(counter, at: TransportLayout.counter)
        session.pointee.sending.seal(payload, count: padded, counter: counter)
        return TransportLayout.payload + padded + 16
    }
}
