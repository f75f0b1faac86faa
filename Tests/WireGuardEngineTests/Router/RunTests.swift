import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Runs of datagrams, as UDP_GRO hands them over")
struct RunTests {
    private static let gatewayOfClient = PeerHandle(slot: 0, generation: 1)

    private func packet(_ number: Int, from: Int = 2, to: Int = 3) -> [UInt8] {
        Packets.udp(from: "10.0.0.\(from)", to: "10.0.0.\(to)", "number \(number + 100)")
    }

    private func run(
        _ datagrams: [[UInt8]],
        at hub: Hub,
        from index: Int = 0
    ) throws -> [Datagram] {
        let size = try #require(datagrams.first).count
        return hub.gateway.receive(
            datagrams.flatMap { $0 },
            from: hub.clients[index].endpoint,
            segmentSize: size,
            at: hub.simulation.moment
        )
    }

    /// The same hub twice, from one seed.
    private func twins(clients: Int = 2) throws -> (Hub, Hub) {
        let hubs = (try Hub(clients: clients), try Hub(clients: clients))
        hubs.0.connect()
        hubs.1.connect()
        return hubs
    }

    @Test("a run of 64 datagrams gives the very bytes that single datagrams give, in their order")
    func sameAsSingle() throws {
        let (together, apart) = try twins(clients: 4)
        for numbers in [0..<64, 64..<128] {
            let targets = numbers.map { 3 + ($0 / 5) % 3 }
            let sent = try zip(numbers, targets).map { number, target in
                try together.clients[0].seal(
                    packet(number, to: target),
                    for: Self.gatewayOfClient
                )
            }
            let single = sent.flatMap { datagram in
                apart.gateway.receive(
                    datagram,
                    from: apart.clients[0].endpoint,
                    at: apart.simulation.moment
                )
            }
            let run = try run(sent, at: together)
            #expect(run.map(\.bytes) == single.map(\.bytes))
            #expect(run.map(\.to) == single.map(\.to))
            #expect(run.count == 64)
        }
        #expect(together.gateway.drops.total == 0)
        for (one, other) in zip(together.handles, apart.handles) {
            let (one, other) = (together.gateway.report(one), apart.gateway.report(other))
            #expect(one?.sentBytes == other?.sentBytes)
            #expect(one?.receivedBytes == other?.receivedBytes)
            #expect(one?.sentPackets == other?.sentPackets)
        }
    }

    @Test("good, forged, replayed, malformed and other receivers' segments of a run are told apart")
    func mixed() throws {
        let hub = try Hub(clients: 3)
        hub.connect()
        let client = hub.clients[0]
        var expected: [String] = []
        var segments: [[UInt8]] = []
        for number in 0..<64 {
            var segment = try client.seal(packet(number), for: Self.gatewayOfClient)
            switch number % 8 {
            case 1: segment[40] ^= 0x10  // forged
            case 3: segment = segments[number - 3]  // replayed
            case 5: segment[0] = 9  // no WireGuard message
            case 6: segment[5] ^= 0x55  // the receiver index of no session
            case 7:
                // Another peer's session, in the same run.
                segment = try hub.clients[2].seal(
                    packet(number, from: 4, to: 3),
                    for: Self.gatewayOfClient
                )
                expected.append("number \(number + 100)")
            default: expected.append("number \(number + 100)")
            }
            segments.append(segment)
        }
        for datagram in try run(segments, at: hub) {
            for other in hub.clients where other.endpoint == datagram.to {
                _ = other.receive(
                    datagram.bytes,
                    from: datagram.from,
                    at: hub.simulation.moment
                )
            }
        }
        #expect(hub.clients[1].received.map(Packets.payload) == expected)
        #expect(hub.gateway.drops(.forged) == 8)
        #expect(hub.gateway.drops(.replayed) == 8)
        #expect(hub.gateway.drops(.malformedMessage) == 8)
        #expect(hub.gateway.drops(.unknownReceiver) == 8)
        #expect(hub.gateway.drops.total == 32)
    }

    @Test(
        "a shorter last segment of a run is forwarded, and one too short for a message is dropped"
    )
    func lastSegment() throws {
        let hub = try Hub()
        hub.connect()
        let client = hub.clients[0]
        let long = try client.seal(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", String(repeating: "x", count: 100)),
            for: Self.gatewayOfClient
        )
        let short = try client.seal(packet(1), for: Self.gatewayOfClient)
        #expect(try run([long, short], at: hub).count == 2)
        for count in 1..<32 {
            let again = try client.seal(
                Packets.udp(from: "10.0.0.2", to: "10.0.0.3", String(repeating: "x", count: 100)),
                for: Self.gatewayOfClient
            )
            #expect(try run([again, Array(short[..<count])], at: hub).count == 1)
        }
        #expect(hub.gateway.drops(.malformedMessage) == 31)
    }

    @Test("handshake messages between the packets of a run are answered")
    func handshakeInside() throws {
        let hub = try Hub(clients: 3)
        hub.connect()
        hub.simulation.jump(to: hub.simulation.now + .seconds(130))
        let client = hub.clients[0]
        let initiation = try #require(
            client.send(packet(0), at: hub.simulation.moment).first { $0.kind == .initiation }
        )
        // 148 bytes, as the initiation has.
        let text = String(repeating: "x", count: 148 - 32 - 28)
        let inner = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", text)
        let before = try client.seal(inner, for: Self.gatewayOfClient)
        let after = try client.seal(inner, for: Self.gatewayOfClient)
        let sent = try run([before, initiation.bytes, after], at: hub)
        let kinds = sent.map(\.kind)
        #expect(kinds.contains(.response))
        #expect(sent.filter { $0.to == hub.clients[1].endpoint && $0.isData }.count == 2)
        #expect(hub.gateway.drops.total == 0)
    }

    @Test("an oversized datagram is dropped, alone and inside a run, and the engine goes on")
    func oversized() throws {
        let hub = try Hub()
        hub.connect()
        let client = hub.clients[0]
        let large = String(repeating: "x", count: 9000)
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", large)
        let alone = try client.seal(packet, for: Self.gatewayOfClient)
        _ = try run([alone], at: hub)
        #expect(hub.gateway.drops(.tooBig) == 1)

        var segments: [[UInt8]] = []
        for index in 0..<7 {
            let fits = Packets.ip(
                from: "10.0.0.2",
                to: "10.0.0.3",
                proto: 17,
                [UInt8](repeating: 0, count: 1000)
            )
            // Padding up to the size of the large one: it is cut off again.
            let filler = [UInt8](repeating: 0, count: packet.count - fits.count)
            segments.append(
                try client.seal(
                    index == 3 ? packet : fits + filler,
                    for: Self.gatewayOfClient
                )
            )
        }
        let sent = try run(segments, at: hub)
        #expect(hub.gateway.drops(.tooBig) == 2)
        #expect(sent.filter { $0.to == hub.clients[1].endpoint }.count == 6)
        #expect(sent.allSatisfy { $0.bytes.count < 1100 })
    }

    @Test("the largest datagram that UDP carries, of any kind, does not trap the engine")
    func largest() throws {
        let hub = try Hub()
        hub.connect()
        for kind in UInt8(0)...5 {
            var bytes = [UInt8](repeating: 0, count: 65_527)
            bytes[0] = kind
            for size in [1, 4, 31, 32, 148, 1452, 65_527, 70_000] {
                _ = hub.gateway.receive(
                    bytes,
                    from: hub.clients[0].endpoint,
                    segmentSize: size,
                    at: hub.simulation.moment
                )
            }
        }
        let inner = Packets.udp(
            from: "10.0.0.2",
            to: "10.0.0.3",
            String(repeating: "x", count: 65_400),
            mayFragment: true
        )
        let sealed = try hub.clients[0].seal(inner, for: Self.gatewayOfClient)
        #expect(try run([sealed], at: hub).map(\.bytes.count) == [65_460])
    }

    @Test("a run longer than the engine takes at once is forwarded all the same")
    func longRun() throws {
        let hub = try Hub()
        hub.connect()
        let segments = try (0..<300).map {
            try hub.clients[0].seal(packet($0), for: Self.gatewayOfClient)
        }
        #expect(try run(segments, at: hub).count == 300)
    }

    @Test(
        "packets that a full outgoing batch does not take are counted, and the next ones are forwarded"
    )
    func fullBatch() throws {
        let hub = try Hub()
        hub.connect()
        hub.gateway.turn.outgoing = OutgoingBatch(messages: 1, slices: 10, arenaBytes: 0)
        let segments = try (0..<100).map {
            try hub.clients[0].seal(packet($0), for: Self.gatewayOfClient)
        }
        let sent = try run(segments, at: hub)
        // One message takes 64 segments.
        #expect(sent.count == 64)
        #expect(hub.gateway.drops(.batchFull) == 36)
        let more = try hub.clients[0].seal(packet(99), for: Self.gatewayOfClient)
        #expect(try run([more], at: hub).count == 1)
        #expect(hub.gateway.drops(.batchFull) == 36)
    }

    @Test("packets that stay in the receive buffer leave as few messages with many segments")
    func merging() throws {
        let hub = try Hub()
        hub.connect()
        let segments = try (0..<64).map {
            try hub.clients[0].seal(packet($0), for: Self.gatewayOfClient)
        }
        var bytes = segments.flatMap { $0 }
        bytes.withUnsafeMutableBytes { buffer in
            hub.gateway.engine.receive(
                DatagramRun(
                    gateway: hub.gateway.gateway,
                    addressPair: AddressPair(remote: hub.clients[0].endpoint),
                    bytes: buffer,
                    segmentSize: segments[0].count
                ),
                in: &hub.gateway[turnAt: hub.simulation.moment]
            )
            let messages = Array(hub.gateway.turn.outgoing.messages)
            #expect(messages.map(\.segmentCount) == [64])
            #expect(messages.map(\.sliceCount) == [1])
            #expect(hub.gateway.turn.outgoing.slices[0].base == buffer.baseAddress)
        }
        hub.gateway.turn.outgoing.clear()
    }
}
