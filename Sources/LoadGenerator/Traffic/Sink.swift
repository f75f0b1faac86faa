import SystemIO
import WireGuardCrypto

/// Judges what the hub delivers: every message by its counter, a sample by opening it and looking
/// at all of it. What cannot be a hub's doing in good faith ends the run.
struct Sink: ~Copyable {
    /// Sums over all peers.
    struct Tally: Equatable {
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
        /// Handshake messages, and messages that belong to none of the sessions.
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

    /// Judges the messages of one receive buffer, `segmentSize` bytes each, that arrived `now`.
    mutating func receive(
        _ bytes: UnsafeMutableRawBufferPointer,
        segmentSize: Int,
        at now: UInt64,
        for sessions: borrowing PeerSessions,
        of streams: borrowing Streams,
        probe: borrowing ProbePacket,
        departures: borrowing Departures
    ) throws(LoadError) {
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
                throw LoadError("a packet arrived for a session that no peer has")
            }
            let arrival = session(sessions[peer], takes: message)
            guard arrival != .duplicate else { continue }
            let stream = streams.number(arrivingAt: peer)
            if length == TransportMessage.overhead {
                tally.keepalives += 1
                try open(message, length, on: sessions[peer], of: peer)
                continue
            }
            // Too short for a packet of the run, or at a peer that receives none: opened each time, not
            // only in samples.
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
            record(sequence, on: sessions[peer], isLate: arrival == .late)
            let departure = departures[burst]
            latency.record(now > departure ? now - departure : 0)
        }
    }

    /// Notes the message's counter.
    @inline(__always)
    private mutating func session(
        _ session: UnsafeMutablePointer<PeerSession>,
        takes message: UnsafeMutablePointer<UInt8>
    ) -> CounterWindow.Arrival {
        let arrival = session.pointee.counters.record(TransportMessage.counter(of: message))
        switch arrival {
        case .newest(let skipped):
            tally.countersUsed &+= skipped &+ 1
        case .late:
            tally.reordered += 1
        case .duplicate:
            tally.duplicates += 1
        }
        return arrival
    }

    /// Notes the number that an opened packet was sent with: it may tell of another order than the
    /// hub's counters do. A packet that is late by both, `isLate`, is late once.
    private mutating func record(
        _ sequence: UInt64,
        on session: UnsafeMutablePointer<PeerSession>,
        isLate: Bool
    ) {
        switch session.pointee.sequences.record(sequence) {
        case .newest:
            let overtaken = sequence + 1
            let delivered = session.pointee.delivered
            let missing = overtaken > delivered ? overtaken - delivered : 0
            tally.missing = tally.missing &+ missing &- session.pointee.missing
            session.pointee.missing = missing
        case .late:
            if !isLate { tally.reordered += 1 }
        case .duplicate:
            tally.duplicates += 1
            tally.delivered -= 1
            session.pointee.delivered -= 1
        }
    }

    private mutating func open(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        on session: UnsafeMutablePointer<PeerSession>,
        of peer: Int
    ) throws(LoadError) {
        tally.opened += 1
        let isAuthentic = session.pointee.receiving.open(
            message + TransportMessage.headerLength,
            count: length - TransportMessage.headerLength,
            counter: TransportMessage.counter(of: message)
        )
        guard isAuthentic else {
            throw LoadError("a packet for peer \(peer) is forged or damaged: it does not open")
        }
    }

    private func check(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        _ stream: Int,
        _ streams: borrowing Streams,
        _ probe: borrowing ProbePacket
    ) throws(LoadError) -> (burst: UInt32, sequence: UInt64) {
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
                throw LoadError("a packet arrived that was never sent")
            }
            return (burst, sequence)
        case .wrong(let reason):
            throw LoadError(
                "a packet for peer \(streams[stream].pointee.receiver) is wrong: \(reason)"
            )
        }
    }

    private func surprise(
        _ message: UnsafeMutablePointer<UInt8>,
        _ length: Int
    ) -> LoadError {
        let reason = ProbePacket.complaint(
            in: message + TransportMessage.headerLength,
            count: length - TransportMessage.overhead
        )
        return LoadError(
            "a packet arrived that was not sent: \(reason ?? "it is not an ICMP message")"
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
