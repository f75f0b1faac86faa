import WireGuardCrypto

/// Judges what the hub delivers: every message by its counter, a sample by opening it and looking
/// at all of it. What cannot be a hub's doing in good faith ends the run.
struct Sink: ~Copyable {
    /// Sums over all peers.
    struct Tally {
        /// Packets, without keepalives and duplicates.
        var delivered: UInt64 = 0
        var keepalives: UInt64 = 0
        var duplicates: UInt64 = 0
        var reordered: UInt64 = 0
        /// Counters that the hub has used, up to the highest seen of every peer.
        var countersUsed: UInt64 = 0
        /// Packets that were overtaken by opened ones and have not come.
        var missing: UInt64 = 0
        var opened: UInt64 = 0
        /// Handshake messages and whatever else is no transport message of ours.
        var strays: UInt64 = 0
    }

    var tally = Tally()
    var latency = LatencyHistogram()
    private let verifyEvery: Int
    private var untilOpened: Int
    private var chance: UInt64 = 0x2545_f491_4f6c_dd1d

    /// - Parameter verifyEvery: how many packets come to one that is opened, on average.
    init(verifyEvery: Int) {
        self.verifyEvery = verifyEvery
        untilOpened = 1
    }

    /// Takes the messages of one receive buffer, `segmentSize` bytes each, that arrived `now`.
    mutating func take(
        _ bytes: UnsafeMutableRawBufferPointer,
        segmentSize: Int,
        at now: UInt64,
        for sessions: borrowing PeerSessions,
        of streams: borrowing Streams,
        probe: borrowing ProbePacket,
        departures: borrowing Departures
    ) throws(LoadProblem) {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), segmentSize > 0
        else { return }
        var offset = 0
        while offset < bytes.count {
            let length = min(segmentSize, bytes.count - offset)
            let message = base + offset
            offset += length
            guard length >= TransportMessage.overhead,
                UInt32(littleEndian: message.load32(at: 0)) == TransportMessage.type
            else {
                tally.strays += 1
                continue
            }
            guard let peer = sessions.number(of: TransportMessage.receiver(of: message)) else {
                throw LoadProblem("a packet arrived for a session that no peer has")
            }
            guard note(message, on: sessions[peer]) else { continue }
            let stream = streams.number(arrivingAt: peer)
            if length == TransportMessage.overhead {
                tally.keepalives += 1
                try open(message, length, on: sessions[peer], of: peer)
                continue
            }
            // What nobody sent is worth a look each time.
            guard let stream, length >= probe.size + TransportMessage.overhead else {
                try open(message, length, on: sessions[peer], of: peer)
                guard
                    ProbePacket.isRedirect(
                        message + TransportMessage.headerLength,
                        count: length - TransportMessage.overhead
                    )
                else { throw surprise(message, length) }
                tally.strays += 1
                continue
            }
            tally.delivered += 1
            sessions[peer].pointee.delivered += 1
            untilOpened -= 1
            guard untilOpened <= 0 else { continue }
            untilOpened = gap()
            try open(message, length, on: sessions[peer], of: peer)
            let (burst, sequence) = try check(message, length, stream, streams, probe)
            note(sequence, on: sessions[peer])
            let departure = departures[burst]
            latency.record(now > departure ? now - departure : 0)
        }
    }

    /// Notes the message's counter. False for a duplicate.
    @inline(__always)
    private mutating func note(
        _ message: UnsafeMutablePointer<UInt8>,
        on session: UnsafeMutablePointer<PeerSession>
    ) -> Bool {
        switch session.pointee.counters.take(TransportMessage.counter(of: message)) {
        case .newest(let skipped):
            tally.countersUsed &+= skipped &+ 1
        case .late:
            tally.reordered += 1
        case .duplicate:
            tally.duplicates += 1
            return false
        }
        return true
    }

    /// Notes the number that an opened packet was sent with: it may tell of another order than the
    /// hub's counters do.
    private mutating func note(
        _ sequence: UInt64,
        on session: UnsafeMutablePointer<PeerSession>
    ) {
        switch session.pointee.sequences.take(sequence) {
        case .newest:
            let overtaken = sequence + 1
            let delivered = session.pointee.delivered
            let missing = overtaken > delivered ? overtaken - delivered : 0
            tally.missing = tally.missing &+ missing &- session.pointee.missing
            session.pointee.missing = missing
        case .late:
            tally.reordered += 1
        case .duplicate:
            tally.duplicates += 1
        }
    }

    private mutating func open(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        on session: UnsafeMutablePointer<PeerSession>,
        of peer: Int
    ) throws(LoadProblem) {
        tally.opened += 1
        let isAuthentic = session.pointee.receiving.open(
            message + TransportMessage.headerLength,
            count: length - TransportMessage.headerLength,
            counter: TransportMessage.counter(of: message)
        )
        guard isAuthentic else {
            throw LoadProblem("a packet for peer \(peer) is forged or damaged: it does not open")
        }
    }

    private func check(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        _ stream: Int,
        _ streams: borrowing Streams,
        _ probe: borrowing ProbePacket
    ) throws(LoadProblem) -> (burst: UInt32, sequence: UInt64) {
        let finding = probe.check(
            message + TransportMessage.headerLength,
            count: length - TransportMessage.overhead,
            header: streams.header(of: stream),
            headerSum: streams[stream].pointee.headerSum,
            stream: UInt32(stream)
        )
        switch finding {
        case .intact(let burst, let sequence):
            guard sequence < streams[stream].pointee.nextSequence else {
                throw LoadProblem("a packet arrived that was never sent")
            }
            return (burst, sequence)
        case .wrong(let reason):
            throw LoadProblem(
                "a packet for peer \(streams[stream].pointee.receiver) is wrong: \(reason)"
            )
        }
    }

    private func surprise(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int
    ) -> LoadProblem {
        let reason = ProbePacket.complaint(
            in: message + TransportMessage.headerLength,
            count: length - TransportMessage.overhead
        )
        return LoadProblem(
            "a packet arrived that nobody sent: \(reason ?? "it is no ICMP message")"
        )
    }

    /// Uneven, so that the sample is not of one place in every burst.
    private mutating func gap() -> Int {
        guard verifyEvery > 1 else { return 1 }
        chance ^= chance << 13
        chance ^= chance >> 7
        chance ^= chance << 17
        return 1 + Int(chance % UInt64(2 * verifyEvery - 1))
    }
}
