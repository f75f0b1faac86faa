import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Malformed inner packets are dropped and counted")
struct MalformedPacketTests {
    private let hub: Hub

    init() throws {
        hub = try Hub()
        hub.connect()
    }

    /// Seals these bytes as a payload of the first client's session and gives what the gateway
    /// does with them.
    @discardableResult
    private func seal(_ payload: [UInt8]) throws -> [Datagram] {
        let message = try hub.clients[0].seal(payload, for: PeerHandle(slot: 0, generation: 1))
        let moment = hub.simulation.moment
        return hub.gateway.receive(message, from: hub.clients[0].endpoint, at: moment)
    }

    @Test(
        "every truncation of a sealed inner packet is dropped and counted",
        arguments: Family.both
    )
    func truncations(family: Family) throws {
        let packet = Packets.udp(from: family.first, to: family.second, "truncated")
        for length in 1..<packet.count {
            #expect(try seal(Array(packet[..<length])).isEmpty)
            #expect(hub.gateway.drops(.malformedPacket) == UInt64(length))
        }
        #expect(try seal(packet).count == 1)
        #expect(hub.gateway.drops.total == UInt64(packet.count - 1))
    }

    @Test("an inner packet with a wrong version or header length is dropped and counted")
    func firstByte() throws {
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")
        var malformed: UInt64 = 0
        for first in UInt8.min...UInt8.max {
            var lying = packet
            lying[0] = first
            // A header may have options as long as they are there.
            let header = Int(first & 0x0f) * 4
            let isWellFormed = first >> 4 == 4 && (20...packet.count).contains(header)
            #expect(try seal(lying).isEmpty != isWellFormed, "\(first)")
            malformed += isWellFormed ? 0 : 1
            #expect(hub.gateway.drops(.malformedPacket) == malformed, "\(first)")
        }
    }

    @Test("an inner packet with a wrong IPv4 total length is dropped and counted")
    func totalLength() throws {
        let packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "length")
        for total in [0, 1, 19, packet.count + 1, 1500, 32_768, 65_535] {
            var lying = packet
            lying.replaceSubrange(2...3, with: Packets.bytes(UInt16(total)))
            #expect(try seal(lying).isEmpty, "\(total)")
        }
        #expect(hub.gateway.drops(.malformedPacket) == 7)
        // Shorter than what arrived is padding.
        var shorter = packet
        shorter.replaceSubrange(2...3, with: Packets.bytes(UInt16(24)))
        #expect(try seal(shorter).map(\.bytes.count) == [32 + 32])
    }

    @Test("inner packets with IPv6 lengths near 65535 are dropped, as the sum does not wrap around")
    func lengthOfIPv6() throws {
        let packet = Packets.udp(from: "fd00::2", to: "fd00::3", "length")
        for length in [packet.count - 39, 100, 32_768, 65_494, 65_495, 65_496, 65_535] {
            var lying = packet
            lying.replaceSubrange(4...5, with: Packets.bytes(UInt16(length)))
            #expect(try seal(lying).isEmpty, "\(length)")
        }
        #expect(hub.gateway.drops(.malformedPacket) == 7)
    }

    @Test("random inner packets, and random changes of good ones, never trap")
    func random() throws {
        let random = SeededRandom(seed: 11)
        let good = Family.both.flatMap { family in
            [
                Packets.udp(from: family.first, to: family.second, "x"),
                Packets.echo(from: family.first, to: family.gateway),
                Packets.udp(from: family.first, to: family.nobody, "x", hopLimit: 1),
            ]
        }
        let received = { hub.gateway.report(hub.handles[0])?.receivedPackets ?? 0 }
        let before = received()
        for _ in 0..<3000 {
            var payload: [UInt8]
            if random.happens(perMille: 200) {
                payload = (0..<Int(random.below(200))).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
            } else {
                payload = good[Int(random.below(UInt64(good.count)))]
                for _ in 0...random.below(3) {
                    payload[Int(random.below(UInt64(min(payload.count, 48))))] =
                        UInt8(truncatingIfNeeded: random.next())
                }
            }
            try seal(payload)
        }
        #expect(received() == before + 3000)
        hub.simulation.send(
            Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "fine"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        #expect(hub.clients[1].received.last.map(Packets.payload) == "fine")
    }
}

extension SimulatedNode {
    /// A transport message around any bytes, which the node's own session seals as they are.
    func seal(_ payload: [UInt8], for peer: PeerHandle) throws -> [UInt8] {
        let session = try session(peer)
        let reserved = session.pointee.reserveCounters(1)
        let counter = try #require(reserved)
        var message = [UInt8](repeating: 0, count: payload.count + 32)
        message.replaceSubrange(16..<16 + payload.count, with: payload)
        message.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            _ = Engine.seal(
                start,
                length: payload.count,
                available: payload.count,
                with: session,
                counter: counter
            )
        }
        return message
    }
}
