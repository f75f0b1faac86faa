import NetAddress
import Testing

@testable import WireGuardEngine

@Suite("Cookies and the under-load mode, sections 5.3 and 5.4.7")
struct CookieTests {
    /// A responder that thinks it is flooded, without the cost of a flood.
    private func loaded() throws -> Pair {
        let pair = try Pair()
        overload(pair.b, at: pair.simulation.now)
        return pair
    }

    private func overload(_ node: SimulatedNode, at now: Instant) {
        for _ in 0...HandshakeLoad.burst { _ = node.engine.load.isUnderLoad(at: now) }
    }

    private func initiation(_ pair: Pair) throws -> Datagram {
        try #require(pair.a.send(Pair.fromA("x"), at: pair.simulation.moment).first)
    }

    /// The next initiation of A, which carries what A knows by then.
    private func retry(_ pair: Pair) throws -> Datagram {
        pair.simulation.jump(to: pair.simulation.now + .milliseconds(5400))
        let sent = pair.a.fireTimers(at: pair.simulation.moment)
        return try #require(sent.first { $0.kind == .initiation })
    }

    @Test("under load an initiation is answered by a cookie reply that is not larger")
    func reply() throws {
        let pair = try loaded()
        let message = try initiation(pair)
        let moment = pair.simulation.moment
        let answer = pair.b.receive(message.bytes, from: message.from, at: moment)
        #expect(answer.map(\.kind) == [.cookieReply])
        #expect(answer.map(\.bytes.count) == [64])
        #expect(pair.b.drops(.cookieRequired) == 1)
        #expect(try pair.b.record(pair.toA).pointee.active == nil)
    }

    @Test("a valid peer gets through to a gateway under load with mac2")
    func validPeer() throws {
        let pair = try Pair()
        pair.simulation.passes = { [unowned loaded = pair.b, unowned clock = pair.simulation] _ in
            overload(loaded, at: clock.now)
            return true
        }
        overload(pair.b, at: pair.simulation.now)
        pair.sendFromA("through")
        pair.simulation.run(for: .seconds(7))
        #expect(pair.textsAtB == ["through"])
        #expect(pair.b.drops(.cookieRequired) == 1)
        #expect(pair.a.drops.total == 0)
    }

    @Test(
        "an initiator under load answers a response with a cookie reply too, and gets its session"
    )
    func loadedInitiator() throws {
        let pair = try Pair()
        pair.simulation.passes = { [unowned loaded = pair.a, unowned clock = pair.simulation] _ in
            overload(loaded, at: clock.now)
            return true
        }
        pair.sendFromA("through")
        pair.simulation.run(for: .seconds(7))
        #expect(pair.textsAtB == ["through"])
        #expect(pair.a.drops(.cookieRequired) == 1)
    }

    @Test("the MAC of a cookie covers the sender's address and port")
    func coversAddressAndPort() throws {
        let pair = try loaded()
        let first = try initiation(pair)
        let reply = pair.b.receive(first.bytes, from: first.from, at: pair.simulation.moment)
        _ = pair.a.receive(reply[0].bytes, from: reply[0].from, at: pair.simulation.moment)
        let second = try retry(pair)
        let moment = pair.simulation.moment
        overload(pair.b, at: moment.now)
        let otherPort = Endpoint(address: first.from.address, port: first.from.port + 1)
        let otherAddress = Endpoint(
            address: .v4(IPv4Address(bits: 0xc000_0263)),
            port: first.from.port
        )
        for endpoint in [otherPort, otherAddress] {
            let answer = pair.b.receive(second.bytes, from: endpoint, at: moment)
            #expect(answer.map(\.kind) == [.cookieReply])
        }
        let answer = pair.b.receive(second.bytes, from: first.from, at: moment)
        #expect(answer.map(\.kind) == [.response])
    }

    @Test("a link-local sender gets another cookie on another link")
    func coversLink() throws {
        var secret = CookieSecret()
        let source = SeededRandom(seed: 1).source
        let cookies = try ["[fe80::1%3]:1", "[fe80::1%4]:1", "[fe80::1%3]:1"].map { text in
            let sender = try #require(Endpoint(text))
            return secret.cookie(for: sender, at: Instant(nanoseconds: 0), random: source)
        }
        #expect(cookies[0] != cookies[1] && cookies[0] == cookies[2])
    }

    @Test("a cookie is not used in its last seconds, and its secret changes after 120 s")
    func lifetime() throws {
        let pair = try loaded()
        let message = try initiation(pair)
        let reply = pair.b.receive(message.bytes, from: message.from, at: pair.simulation.moment)
        _ = pair.a.receive(reply[0].bytes, from: reply[0].from, at: pair.simulation.moment)
        let start = pair.simulation.now
        for (age, isUsed) in [(60, true), (114, true), (120, false)] as [(UInt64, Bool)] {
            pair.simulation.jump(to: start + .seconds(age))
            let sent = pair.a.fireTimers(at: pair.simulation.moment)
            let retry = try #require(sent.first { $0.kind == .initiation })
            #expect(retry.bytes[132...].contains { $0 != 0 } == isUsed, "\(age) s")
        }
        var secret = CookieSecret()
        let source = SeededRandom(seed: 1).source
        let cookie = secret.cookie(for: message.from, at: start, random: source)
        let same = secret.cookie(for: message.from, at: start + .seconds(119), random: source)
        let other = secret.cookie(for: message.from, at: start + .seconds(121), random: source)
        #expect(cookie == same && cookie != other)
    }

    @Test("a cookie reply does not move the endpoint and is no sign of life")
    func endpointStays() throws {
        let pair = try loaded()
        let message = try initiation(pair)
        let moment = pair.simulation.moment
        let reply = pair.b.receive(message.bytes, from: message.from, at: moment)
        let elsewhere = try #require(Endpoint("203.0.113.9:9"))
        _ = pair.a.receive(reply[0].bytes, from: elsewhere, at: moment)
        let report = try #require(pair.a.report(pair.toB))
        #expect(report.endpoint == pair.b.endpoint)
        #expect(report.lastSeen == nil && report.receivedPackets == 0)
        #expect(try pair.a.record(pair.toB).pointee.active?.pointee.cookie != nil)
    }

    @Test("a cookie reply counts once, and forged, replayed and unasked ones change nothing")
    func forgedReplies() throws {
        let pair = try loaded()
        let message = try initiation(pair)
        let moment = pair.simulation.moment
        let reply = try #require(
            pair.b.receive(message.bytes, from: message.from, at: moment).first
        )
        for bit in stride(from: 64, to: 512, by: 29) {
            var forged = reply.bytes
            forged[bit / 8] ^= 1 << (bit % 8)
            _ = pair.a.receive(forged, from: reply.from, at: moment)
        }
        #expect(pair.a.drops(.forged) == 16)
        #expect(try pair.a.record(pair.toB).pointee.active?.pointee.cookie == nil)
        _ = pair.a.receive(reply.bytes, from: reply.from, at: moment)
        _ = pair.a.receive(reply.bytes, from: reply.from, at: moment)
        #expect(pair.a.drops(.unexpectedHandshake) == 1)
        _ = pair.b.receive(reply.bytes, from: reply.from, at: moment)
        #expect(pair.b.drops(.unexpectedHandshake) == 1)
    }

    @Test(
        "a source that floods without a cookie gets one reply a second, and other sources theirs at once"
    )
    func repliesPerSender() throws {
        let pair = try loaded()
        let message = try initiation(pair)
        let start = pair.simulation.now
        var replies = 0
        for step in 0..<300 {
            let now = start + .milliseconds(UInt64(step) * 10)
            pair.simulation.jump(to: now)
            overload(pair.b, at: now)
            let moment = pair.simulation.moment
            replies += pair.b.receive(message.bytes, from: message.from, at: moment).count
        }
        #expect(replies == 3)
        #expect(pair.b.drops(.cookieRequired) == 3)
        #expect(pair.b.drops(.handshakeRateLimited) == 297)
        let other = Endpoint(address: message.from.address, port: message.from.port + 1)
        let answer = pair.b.receive(message.bytes, from: other, at: pair.simulation.moment)
        #expect(answer.map(\.kind) == [.cookieReply])
    }

    @Test("the limit of handshakes is per source and not global")
    func perSource() throws {
        var load = HandshakeLoad()
        let now = Instant(nanoseconds: 1_000_000_000)
        let greedy = try #require(IPAddress("192.0.2.1"))
        let admitted = (0..<100).filter { _ in load.mayHandshake(greedy, at: now) }
        #expect(admitted.count == 5)
        for number in 2..<200 {
            let other = try #require(IPAddress("192.0.2.\(number)"))
            let isAdmitted = load.mayHandshake(other, at: now)
            #expect(isAdmitted)
        }
        let later = load.mayHandshake(greedy, at: now + .milliseconds(51))
        let again = load.mayHandshake(greedy, at: now + .milliseconds(52))
        #expect(later && !again)
    }

    @Test("the limit of handshakes counts IPv6 sources by /64, in a table that is bounded")
    func manySources() {
        var load = HandshakeLoad()
        let now = Instant(nanoseconds: 1_000_000_000)
        let oneCustomer = (0..<100).filter { number in
            load.mayHandshake(.v6(IPv6Address(high: 1, low: UInt64(number))), at: now)
        }
        #expect(oneCustomer.count == 5)
        let sources = (0..<9000).filter { number in
            load.mayHandshake(.v6(IPv6Address(high: UInt64(number) + 2, low: 0)), at: now)
        }
        #expect(sources.count == HandshakeLoad.maximumSources - 1)
        // Who was quiet for long enough makes room.
        let isAdmitted = load.mayHandshake(
            .v6(IPv6Address(high: 99_999, low: 0)),
            at: now + .seconds(1)
        )
        #expect(isAdmitted)
    }

    @Test("a flood of initiations with a bad mac1 does not count as load")
    func badMAC1() throws {
        let pair = try Pair()
        var message = try initiation(pair)
        message.bytes[120] ^= 1
        for _ in 0..<1000 {
            let moment = pair.simulation.moment
            #expect(pair.b.receive(message.bytes, from: message.from, at: moment).isEmpty)
        }
        #expect(pair.b.drops(.badMAC1) == 1000)
        message.bytes[120] ^= 1
        let answer = pair.b.receive(message.bytes, from: message.from, at: pair.simulation.moment)
        #expect(answer.map(\.kind) == [.response])
    }

    @Test("the under-load mode ends one second after the flood")
    func coolsDown() throws {
        let pair = try loaded()
        pair.simulation.jump(to: pair.simulation.now + .milliseconds(1001))
        let message = try initiation(pair)
        let answer = pair.b.receive(message.bytes, from: message.from, at: pair.simulation.moment)
        #expect(answer.map(\.kind) == [.response])
    }

    @Test("a flood of fresh initiations by a valid key is slowed down to fifty a second")
    func floodByPeer() throws {
        let pair = try Pair()
        // Removed and added again, A forgets its own limits.
        var initiations: [Datagram] = []
        for step in 0..<40 {
            let moment = Moment(
                now: pair.simulation.now + .seconds(UInt64(step) * 6),
                wall: WallTime(nanoseconds: pair.simulation.moment.wall.nanoseconds + UInt64(step))
            )
            initiations += pair.a.fireTimers(at: moment).filter { $0.kind == .initiation }
            pair.a.engine.initiateHandshake(with: pair.toB, in: &pair.a[turnAt: moment])
            initiations += pair.a.flush().filter { $0.kind == .initiation }
        }
        #expect(initiations.count >= 30)
        let start = pair.simulation.now
        var answered = 0
        for (index, initiation) in initiations.enumerated() {
            // One each 5 ms.
            pair.simulation.jump(to: start + .milliseconds(UInt64(index) * 5))
            let moment = pair.simulation.moment
            let answer = pair.b.receive(initiation.bytes, from: initiation.from, at: moment)
            answered += answer.count
        }
        #expect(answered == (initiations.count + 3) / 4)
        #expect(Int(pair.b.drops(.staleInitiation)) == initiations.count - answered)
    }
}
