import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

struct StrangerTests {
    private func second(_ number: UInt64) -> Moment {
        let time = number * 1_000_000_000
        return Moment(now: Instant(nanoseconds: time), wall: WallTime(nanoseconds: time))
    }

    private func endpoint(_ number: UInt32) -> Endpoint {
        Endpoint(address: .v4(IPv4Address(bits: number)), port: 51_820)
    }

    @Test("a client with another gateway's key is known by its address, whatever its port")
    func wrongGatewayKey() {
        var strangers = Strangers()
        for port in 1...3 as ClosedRange<UInt16> {
            var source = endpoint(7)
            source.port = port
            strangers.heard(.wrongGatewayKey, from: source, at: second(UInt64(port)))
        }
        #expect(strangers.all.count == 1)
        #expect(strangers.all.first?.count == 3)
        #expect(strangers.all.first?.endpoint.port == 3)
        #expect(strangers.isReportDue)
    }

    @Test("senders in one IPv6 network of 64 bits count as one stranger")
    func network() throws {
        var strangers = Strangers()
        for text in ["[2001:db8::1]:5", "[2001:db8::2]:5", "[2001:db8:0:1::1]:5"] {
            let source = try #require(Endpoint(text))
            strangers.heard(.wrongGatewayKey, from: source, at: second(1))
        }
        #expect(strangers.all.map(\.count).sorted() == [1, 2])
    }

    @Test("a key is one stranger from wherever it is heard, and each key is another")
    func unknownKeys() {
        var strangers = Strangers()
        let keys = (1...2).map { number in
            X25519.publicKey(of: SecretKey(filledBy: { $0[0] = UInt8(8 * number) }))
        }
        for number in 0..<6 as Range<UInt32> {
            let key = keys[Int(number % 2)]
            strangers.heard(.unknownKey(key), from: endpoint(number), at: second(1))
        }
        #expect(strangers.all.count == 2)
        #expect(strangers.all.map(\.count) == [3, 3])
    }

    @Test("a client that tries every five seconds stays listed through a flood of made-up sources")
    func flood() {
        var strangers = Strangers()
        let client = endpoint(1)
        strangers.heard(.wrongGatewayKey, from: client, at: second(1))
        strangers.heard(.wrongGatewayKey, from: client, at: second(6))
        var source: UInt32 = 1_000
        for time in 7...120 as ClosedRange<UInt64> {
            for _ in 0..<1_000 {
                source += 1
                strangers.heard(.wrongGatewayKey, from: endpoint(source), at: second(time))
            }
            if time % 5 == 1 { strangers.heard(.wrongGatewayKey, from: client, at: second(time)) }
        }
        let list = strangers.withWrongGatewayKey
        #expect(list.all.first { $0.endpoint == client }?.count == 24)
        #expect(list.newcomers.count <= StrangerList.newcomerPlaces)
        #expect(list.known.count == 1)
    }

    @Test(
        "sources that are each heard twice do not push out a client that tries every five seconds"
    )
    func persistentFlood() {
        var strangers = Strangers()
        let client = endpoint(1)
        strangers.heard(.wrongGatewayKey, from: client, at: second(1))
        strangers.heard(.wrongGatewayKey, from: client, at: second(6))
        for time in 7...300 as ClosedRange<UInt64> {
            for number in 0..<100 as Range<UInt32> {
                for _ in 0..<2 {
                    let source = endpoint(UInt32(time) * 1_000 + number)
                    strangers.heard(.wrongGatewayKey, from: source, at: second(time))
                }
            }
            if time % 5 == 1 { strangers.heard(.wrongGatewayKey, from: client, at: second(time)) }
        }
        let list = strangers.withWrongGatewayKey
        #expect(list.all.contains { $0.endpoint == client })
        #expect(list.known.count == StrangerList.knownPlaces)
        #expect(list.newcomers.count <= StrangerList.newcomerPlaces)
    }

    @Test("made-up sources with a wrong key of the gateway leave the unknown keys alone")
    func kindsAreApart() {
        var strangers = Strangers()
        let key = X25519.publicKey(of: SecretKey(filledBy: { $0[0] = 1 }))
        strangers.heard(.unknownKey(key), from: endpoint(1), at: second(1))
        for time in 2...200 as ClosedRange<UInt64> {
            for _ in 0..<2 {
                strangers.heard(.wrongGatewayKey, from: endpoint(UInt32(time)), at: second(time))
            }
        }
        #expect(strangers.withUnknownKeys.all.map(\.mistake) == [.unknownKey(key)])
    }

    @Test(
        "an initiation of an unknown key is listed with the key and its source, and only once reported"
    )
    func unknownKeyAtGateway() throws {
        let hub = try Hub(clients: 1)
        hub.connect()
        #expect(hub.gateway.engine.takeNewStrangers(of: hub.gateway.gateway) == nil)
        let stranger = try SimulatedNode(
            endpoint: try #require(Endpoint("203.0.113.9:4444")),
            addresses: ["10.0.0.9/32"],
            delivery: .host,
            random: hub.simulation.random
        )
        try stranger.add(
            hub.gateway.publicKey,
            allowed: ["10.0.0.0/24"],
            endpoint: hub.gateway.endpoint,
            at: hub.simulation.moment
        )
        hub.simulation.add(stranger)
        hub.simulation.send(Packets.udp(from: "10.0.0.9", to: "10.0.0.2", "x"), from: stranger)
        hub.simulation.settle()
        let taken = hub.gateway.engine.takeNewStrangers(of: hub.gateway.gateway)
        let found = try #require(taken?.first)
        #expect(found.mistake == .unknownKey(stranger.publicKey))
        #expect(found.endpoint == stranger.endpoint)
        #expect(hub.gateway.engine.takeNewStrangers(of: hub.gateway.gateway) == nil)
    }

    @Test("an initiation for another gateway's key is listed with its source")
    func wrongKeyAtGateway() throws {
        let hub = try Hub(clients: 1)
        let client = hub.clients[0]
        let other = X25519.publicKey(of: SecretKey(filledBy: { $0[0] = 1 }))
        try client.add(
            other,
            allowed: ["10.0.0.0/24"],
            endpoint: hub.gateway.endpoint,
            at: hub.simulation.moment
        )
        hub.simulation.send(Packets.udp(from: "10.0.0.2", to: "10.0.0.1", "x"), from: client)
        hub.simulation.settle()
        let taken = hub.gateway.engine.takeNewStrangers(of: hub.gateway.gateway)
        #expect(taken?.map(\.mistake) == [.wrongGatewayKey])
        #expect(taken?.map(\.endpoint) == [client.endpoint])
    }
}
