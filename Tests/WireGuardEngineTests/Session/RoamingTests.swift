import NetAddress
import Testing

@testable import WireGuardEngine

@Suite("The endpoint follows any authenticated packet")
struct RoamingTests {
    private let elsewhere = Endpoint(address: .v4(IPv4Address(bits: 0xcb00_7107)), port: 777)

    @Test("a data packet from elsewhere moves the peer's endpoint")
    func data() throws {
        let pair = try Pair()
        pair.connect()
        try expectMove(pair, pair.a.send(Pair.fromA("x"), at: pair.simulation.moment))
    }

    @Test("a keepalive from elsewhere moves the peer's endpoint")
    func keepalive() throws {
        let pair = try Pair()
        pair.connect()
        pair.sendFromB()
        pair.simulation.run(for: .milliseconds(9_900))
        let deadline = try #require(pair.a.nextDeadline)
        pair.simulation.jump(to: deadline)
        let sent = pair.a.fireTimers(at: pair.simulation.moment)
        #expect(sent.map(\.isKeepalive) == [true])
        try expectMove(pair, sent)
    }

    @Test("a handshake initiation from elsewhere moves the peer's endpoint")
    func initiation() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(200))
        let sent = pair.a.send(Pair.fromA("x"), at: pair.simulation.moment)
        #expect(sent.map(\.kind) == [.initiation])
        try expectMove(pair, sent)
    }

    @Test("a handshake response from elsewhere moves the peer's endpoint")
    func response() throws {
        let pair = try Pair()
        pair.connect()
        pair.simulation.run(until: .seconds(200))
        let initiation = try #require(
            pair.b.send(Pair.fromB("x"), at: pair.simulation.moment).first
        )
        let sent = pair.a.receive(
            initiation.bytes,
            from: initiation.from,
            at: pair.simulation.moment
        )
        #expect(sent.map(\.kind) == [.response])
        try expectMove(pair, sent)
    }

    /// What A sent arrives at B from elsewhere.
    private func expectMove(
        _ pair: Pair,
        _ sent: [Datagram],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let datagram = try #require(sent.first, sourceLocation: sourceLocation)
        _ = pair.b.receive(datagram.bytes, from: elsewhere, at: pair.simulation.moment)
        #expect(
            pair.b.report(pair.toA)?.endpoint == elsewhere,
            sourceLocation: sourceLocation
        )
    }

    @Test(
        "a packet over another link moves the peer's endpoint though its address and port are the same"
    )
    func link() throws {
        let pair = try Pair()
        pair.connect()
        let links = try [3, 4].map { zone in try #require(Endpoint("[fe80::2%\(zone)]:51820")) }
        for link in links {
            let moment = pair.simulation.moment
            let datagram = try #require(pair.a.send(Pair.fromA("x"), at: moment).first)
            _ = pair.b.receive(datagram.bytes, from: link, at: moment)
            #expect(pair.b.report(pair.toA)?.endpoint == link)
            #expect(pair.b.send(Pair.fromB("y"), at: moment).map(\.to) == [link])
        }
    }

    @Test("an answer to a peer that moved goes to where its packet came from")
    func answer() throws {
        let pair = try Pair()
        pair.connect()
        pair.a.endpoint = elsewhere
        pair.sendFromA("moved")
        pair.simulation.settle()
        pair.forget()
        pair.sendFromB("found you")
        pair.simulation.settle()
        #expect(pair.textsAtA == ["found you"])
        #expect(pair.simulation.log.allSatisfy { $0.datagram.to == elsewhere })
    }

    @Test("a forged or replayed packet does not move the peer's endpoint")
    func forged() throws {
        let pair = try Pair()
        pair.connect()
        let moment = pair.simulation.moment
        let genuine = try #require(pair.a.send(Pair.fromA("x"), at: moment).first)
        var forged = genuine.bytes
        forged[20] ^= 1
        _ = pair.b.receive(forged, from: elsewhere, at: moment)
        #expect(pair.b.report(pair.toA)?.endpoint == pair.a.endpoint)
        _ = pair.b.receive(genuine.bytes, from: genuine.from, at: moment)
        _ = pair.b.receive(genuine.bytes, from: elsewhere, at: moment)
        #expect(pair.b.report(pair.toA)?.endpoint == pair.a.endpoint)
        #expect(pair.b.drops(.forged) == 1 && pair.b.drops(.replayed) == 1)
    }
}
