import Testing

@testable import LoadGenerator

/// What a hub may do to packets, and what is found of it.
struct SinkTests {
    @Test("an honest hub's packets are all delivered, in order and whole")
    func honest() throws {
        var stream = RelayedStream()
        for _ in 0..<300 { try stream.deliver(stream.relay()) }
        #expect(stream.sink.tally.delivered == 300)
        #expect(stream.sink.tally.opened == 300)
        #expect(stream.sink.tally.countersUsed == 300)
        #expect(stream.sink.tally.missing == 0)
        #expect(stream.sink.tally.reordered + stream.sink.tally.duplicates == 0)
        #expect(stream.sink.latency.count == 300)
    }

    @Test("a packet sent twice is a duplicate, and delivered once")
    func duplicate() throws {
        var stream = RelayedStream()
        let message = stream.relay()
        try stream.deliver(message)
        try stream.deliver(message)
        #expect(stream.sink.tally.delivered == 1)
        #expect(stream.sink.tally.duplicates == 1)
    }

    @Test("a packet that the hub sealed twice is a duplicate, too")
    func forwardedTwice() throws {
        var stream = RelayedStream()
        var inner: [UInt8] = []
        try stream.deliver(stream.relay { inner = $0 })
        try stream.deliver(stream.seal(inner))
        #expect(stream.sink.tally.duplicates == 1)
    }

    @Test("a packet behind a later one is reordered, and no longer missing")
    func reordered() throws {
        var stream = RelayedStream()
        let messages = (0..<3).map { _ in stream.relay() }
        try stream.deliver(messages[0])
        try stream.deliver(messages[2])
        #expect(stream.sink.tally.missing == 1)
        try stream.deliver(messages[1])
        try stream.deliver(stream.relay())
        #expect(stream.sink.tally.missing == 0)
        #expect(stream.sink.tally.delivered == 4)
        #expect(stream.sink.tally.reordered >= 1)
    }

    @Test("packets that the hub itself reorders are found by their own numbers")
    func reorderedByHub() throws {
        var stream = RelayedStream()
        var inner: [[UInt8]] = []
        for _ in 0..<2 { _ = stream.relay { inner.append($0) } }
        try stream.deliver(stream.seal(inner[1]))
        try stream.deliver(stream.seal(inner[0]))
        #expect(stream.sink.tally.reordered == 1)
    }

    @Test("a packet lost behind the hub leaves a gap in its counters")
    func lost() throws {
        var stream = RelayedStream()
        try stream.deliver(stream.relay())
        _ = stream.relay()
        try stream.deliver(stream.relay())
        #expect(stream.sink.tally.missing == 1)
        #expect(stream.sink.tally.countersUsed - stream.sink.tally.delivered == 1)
    }

    @Test("a keepalive is no packet")
    func keepalive() throws {
        var stream = RelayedStream()
        try stream.deliver(stream.seal([]))
        try stream.deliver(stream.seal([], to: 0))
        #expect(stream.sink.tally.keepalives == 2)
        #expect(stream.sink.tally.delivered == 0)
    }

    @Test("a bit that changed on the way ends the run", arguments: [16, 60, 150, 239])
    func damaged(place: Int) {
        var stream = RelayedStream()
        var message = stream.relay()
        message[place] ^= 1
        #expect(throws: LoadProblem.self) { try stream.deliver(message) }
    }

    @Test("a byte that the hub changed ends the run", arguments: 0..<RelayedStream.size)
    func changed(place: Int) {
        var stream = RelayedStream()
        _ = stream.relay()
        let message = stream.relay { $0[place] ^= 0x10 }
        // The burst's number alone, which only leads to a moment, is covered by the checksum.
        #expect(throws: LoadProblem.self) { try stream.deliver(message) }
    }

    @Test("a hub that does not count hops, or counts two, is no router", arguments: [0, 2])
    func hopLimit(hops: Int) {
        var stream = RelayedStream()
        let message = stream.relay(hops: hops)
        #expect(throws: LoadProblem.self) { try stream.deliver(message) }
    }

    @Test("a packet at the wrong peer ends the run")
    func misdelivered() {
        var stream = RelayedStream()
        let message = stream.relay(to: 0)
        #expect(throws: LoadProblem.self) { try stream.deliver(message) }
    }

    @Test("a packet for nobody's session ends the run")
    func strangersSession() {
        var stream = RelayedStream()
        var message = stream.relay()
        message[4] ^= 0x40
        #expect(throws: LoadProblem.self) { try stream.deliver(message) }
    }

    @Test("a redirect from a kernel that forwards is counted and left alone")
    func redirect() throws {
        var stream = RelayedStream()
        var packet = [UInt8](repeating: 0, count: 56)
        packet[0] = 0x45
        packet[9] = 1
        packet[20] = 5
        try stream.deliver(stream.seal(packet, to: 0))
        try stream.deliver(stream.seal(packet, to: 1))
        #expect(stream.sink.tally.strays == 2)
        packet[20] = 3
        let unreachable = stream.seal(packet, to: 1)
        #expect(throws: LoadProblem.self) { try stream.deliver(unreachable) }
    }

    @Test("what is no transport message is counted and left alone")
    func strays() throws {
        var stream = RelayedStream()
        for length in [1, 4, 31, 64, 148] {
            try stream.deliver([UInt8](repeating: 1, count: length))
        }
        #expect(stream.sink.tally.strays == 5)
        #expect(stream.sink.tally.delivered == 0)
    }
}
