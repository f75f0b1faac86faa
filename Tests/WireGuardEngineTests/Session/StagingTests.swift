import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("Packets that wait for a session are bounded, oldest dropped first")
struct StagingTests {
    @Test("of the packets that wait for a peer's session the newest 128 are kept, in order")
    func perPeer() throws {
        let pair = try Pair()
        pair.simulation.passes = { _ in false }
        for number in 0..<300 { pair.sendFromA("\(number)") }
        #expect(pair.a.drops(.stagingFull) == 300 - 128)
        pair.simulation.passes = { _ in true }
        pair.simulation.run(for: .seconds(6))
        #expect(pair.textsAtB == (172..<300).map(String.init))
    }

    @Test("all peers together stage 8192 packets, and a late peer takes none of the others' places")
    func inTotal() throws {
        let crowd = try Crowd(peers: 70)
        for peer in 0..<70 { crowd.stage(128, for: peer) }
        // 64 peers fill the budget; the last six get nothing.
        #expect(crowd.node.engine.staging.packets == 8192)
        #expect(crowd.node.drops(.stagingFull) == 6 * 128)
        #expect(try crowd.staged(0) == 128)
        #expect(try crowd.staged(69) == 0)
    }

    @Test("all peers of an engine together stage 16 MiB at most")
    func bytesInTotal() throws {
        let crowd = try Crowd(peers: 10)
        for peer in 0..<10 { crowd.stage(60, for: peer, length: 60_000) }
        #expect(crowd.node.engine.staging.bytes <= 16 << 20)
        #expect(crowd.node.engine.staging.bytes > (16 << 20) - 60_100)
    }

    @Test("the memory of packets that a removed peer staged is given back")
    func removal() throws {
        let crowd = try Crowd(peers: 2)
        crowd.stage(50, for: 0)
        crowd.stage(10, for: 1)
        crowd.node.engine.removePeer(crowd.handles[0])
        #expect(crowd.node.engine.staging.packets == 10)
        crowd.node.engine.removePeer(crowd.handles[1])
        #expect(crowd.node.engine.staging.packets == 0)
        #expect(crowd.node.engine.staging.bytes == 0)
    }

    @Test(
        "a packet to a peer whose session has expired waits, and is delivered after the handshake"
    )
    func atTheGateway() throws {
        let hub = try Hub()
        hub.connect()
        hub.simulation.run(for: .seconds(200))
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "wake up"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        #expect(hub.clients[1].received.map(Packets.payload) == ["wake up"])
        #expect(hub.gateway.drops.total == 0)
    }
}

/// A host with many peers that are away.
private struct Crowd {
    let node: SimulatedNode
    let handles: [PeerHandle]
    let moment = Simulation().moment

    init(peers: Int) throws {
        let random = SeededRandom(seed: 3)
        let node = try SimulatedNode(
            endpoint: try #require(Endpoint("192.0.2.1:1")),
            addresses: ["10.0.0.1/32"],
            delivery: .host,
            random: random
        )
        self.node = node
        let moment = moment
        handles = try (0..<peers).map { number in
            let key = X25519.publicKey(
                of: X25519.generatePrivateKey { bytes in
                    for index in bytes.indices {
                        bytes[index] = UInt8(truncatingIfNeeded: random.next())
                    }
                }
            )
            return try node.add(
                key,
                allowed: ["10.1.0.\(number)/32"],
                endpoint: Endpoint("192.0.2.2:\(number + 1)"),
                at: moment
            )
        }
    }

    func stage(_ count: Int, for peer: Int, length: Int = 100) {
        let packet = Packets.ip(
            from: "10.0.0.1",
            to: "10.1.0.\(peer)",
            proto: 17,
            [UInt8](repeating: 1, count: length - 20)
        )
        for _ in 0..<count { _ = node.send(packet, at: moment) }
    }

    func staged(_ peer: Int) throws -> Int {
        try node.record(handles[peer]).pointee.active?.pointee.staged.count ?? 0
    }
}
