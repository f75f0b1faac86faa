import Testing

@testable import LoadGenerator

@Suite("What a run counts")
struct SinkTests {
    @Test("the packets of a clean stream are counted as delivered, verified and timed")
    func clean() throws {
        let hub = HubSide()
        hub.departures[0] = 400
        for sequence in 0..<2000 as Range<UInt64> {
            try hub.deliver(hub.forwarded(sequence), at: 1000)
        }
        #expect(hub.sink.tally == Sink.Tally(delivered: 2000, countersUsed: 2000, opened: 2000))
        #expect(hub.sink.latency.count == 2000)
        let median = try #require(hub.sink.latency.percentile(0.5))
        #expect((590...610).contains(median))
    }

    @Test("received packets that the kernel has joined are counted one by one")
    func joined() throws {
        let hub = HubSide()
        try hub.deliver(
            hub.forwarded(0),
            hub.forwarded(1),
            hub.forwarded(0, stream: 1),
            hub.forwarded(2)
        )
        #expect(hub.sink.tally == Sink.Tally(delivered: 4, countersUsed: 4, opened: 4))
        #expect(hub.sessions[1].pointee.delivered == 3)
        #expect(hub.sessions[3].pointee.delivered == 1)
    }

    @Test("a sample of the received packets is opened where it is asked for, and all are counted")
    func sample() throws {
        let hub = HubSide(verifyEvery: 16)
        for sequence in 0..<4800 as Range<UInt64> { try hub.deliver(hub.forwarded(sequence)) }
        #expect(hub.sink.tally.delivered == 4800)
        #expect((240...360).contains(hub.sink.tally.opened))
        #expect(hub.sink.tally.missing == 0)
    }

    @Test("each direction of a bench run in both directions is a stream of its own")
    func bothWays() throws {
        let hub = HubSide(bothWays: true)
        for stream in 0..<4 {
            for sequence in 0..<5 as Range<UInt64> {
                try hub.deliver(hub.forwarded(sequence, stream: stream))
            }
        }
        #expect(hub.sink.tally == Sink.Tally(delivered: 20, countersUsed: 20, opened: 20))
    }

    @Test("a packet lost before the hub is missing, and the hub's counters have no gap")
    func lostBefore() throws {
        let hub = HubSide()
        for sequence in [0, 1, 4, 5] as [UInt64] { try hub.deliver(hub.forwarded(sequence)) }
        let expected = Sink.Tally(delivered: 4, countersUsed: 4, missing: 2, opened: 4)
        #expect(hub.sink.tally == expected)
    }

    @Test("a packet lost behind the hub is missing, and leaves a gap in the hub's counters")
    func lostBehind() throws {
        let hub = HubSide()
        for sequence in 0..<6 as Range<UInt64> {
            let message = hub.forwarded(sequence)
            if sequence != 2 { try hub.deliver(message) }
        }
        let expected = Sink.Tally(delivered: 5, countersUsed: 6, missing: 1, opened: 5)
        #expect(hub.sink.tally == expected)
    }

    @Test("a datagram that comes twice is a duplicate and is not delivered twice")
    func duplicate() throws {
        let hub = HubSide()
        let message = hub.forwarded(0)
        try hub.deliver(message)
        try hub.deliver(message)
        let expected = Sink.Tally(delivered: 1, duplicates: 1, countersUsed: 1, opened: 1)
        #expect(hub.sink.tally == expected)
    }

    @Test("a packet that the hub sends twice is a duplicate, too")
    func duplicateOfHub() throws {
        let hub = HubSide()
        for sequence in [0, 0, 1] as [UInt64] { try hub.deliver(hub.forwarded(sequence)) }
        let expected = Sink.Tally(delivered: 2, duplicates: 1, countersUsed: 3, opened: 3)
        #expect(hub.sink.tally == expected)
    }

    @Test("a datagram that was overtaken is reordered, once, and no longer missing")
    func reordered() throws {
        let hub = HubSide()
        let messages = (0..<5 as Range<UInt64>).map { hub.forwarded($0) }
        for number in [0, 2, 3, 1, 4] { try hub.deliver(messages[number]) }
        let expected = Sink.Tally(delivered: 5, reordered: 1, countersUsed: 5, opened: 5)
        #expect(hub.sink.tally == expected)
    }

    @Test("a packet that the hub itself has put behind another is reordered, too")
    func reorderedByHub() throws {
        let hub = HubSide()
        for sequence in [0, 2, 1, 3] as [UInt64] { try hub.deliver(hub.forwarded(sequence)) }
        let expected = Sink.Tally(delivered: 4, reordered: 1, countersUsed: 4, opened: 4)
        #expect(hub.sink.tally == expected)
    }

    @Test("a redirect, which a kernel sends when it forwards, is left alone at sender and receiver")
    func redirect() throws {
        let hub = HubSide()
        for peer in 0...1 {
            let redirect = hub.sealed(64, to: peer) { packet in
                (packet[0], packet[9], packet[20]) = (0x45, 1, 5)
            }
            try hub.deliver(redirect)
        }
        #expect(hub.sink.tally == Sink.Tally(countersUsed: 2, opened: 2, strays: 2))
    }

    @Test("received keepalives and handshake messages are not counted as deliveries")
    func others() throws {
        let hub = HubSide()
        try hub.deliver(hub.keepalive(to: 0))
        try hub.deliver(hub.keepalive(to: 1))
        try hub.deliver([2, 0, 0, 0] + Array(repeating: 7, count: 88))
        try hub.deliver([4, 0, 0, 0])
        let expected = Sink.Tally(keepalives: 2, countersUsed: 2, opened: 2, strays: 2)
        #expect(hub.sink.tally == expected)
    }
}
