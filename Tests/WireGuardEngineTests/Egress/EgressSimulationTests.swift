import NetAddress
import TestSupport
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Random traffic of peers and of the interface is as a simple model has it")
struct EgressSimulationTests {
    private static let clients = 3
    private static let excluded = "203.0.113.200"

    /// A hub with random permissions, and the model of it.
    private struct World {
        let random: SeededRandom
        let egress: EgressHub
        let model: EgressModel

        init(seed: UInt64, workers: Int) throws {
            random = SeededRandom(seed: seed)
            egress = try EgressHub(clients: EgressSimulationTests.clients, workers: workers)
            let random = random
            let permissions = try (0..<1 + random.below(6)).map { _ in try Self.service(random) }
            let internet = random.happens(perMille: 400)
            try egress.permit(
                permissions,
                internet: internet,
                excluded: [EgressSimulationTests.excluded]
            )
            var routes = try (0..<EgressSimulationTests.clients).map {
                (prefix: try IPPrefix("10.0.0.\($0 + 2)"), peer: $0)
            }
            // A site, which may be beside, inside or around a service.
            if random.happens(perMille: 500) {
                let site = try Self.prefix(random)
                routes.append((site, 2))
                try egress.gateway.addRoute("\(site)", to: .peer(egress.hub.handles[2]))
            }
            model = EgressModel(
                block: try IPPrefix(EgressHub.block),
                permissions: permissions,
                internet: internet,
                closed: SpecialRanges.all + [try IPPrefix(EgressSimulationTests.excluded)],
                routes: routes
            )
        }

        static func service(_ random: SeededRandom) throws -> EgressPermission {
            let prefix = try prefix(random)
            switch random.below(4) {
            case 0:
                return EgressPermission(
                    prefix,
                    transportProtocol: [6, 17, 1][Int(random.below(3))]
                )
            case 1: return EgressPermission(prefix, transportProtocol: 17, ports: 7...9)
            case 2: return EgressPermission(prefix, ports: 8...8)
            default: return EgressPermission(prefix)
            }
        }

        static func prefix(_ random: SeededRandom) throws -> IPPrefix {
            let lengths: [UInt8] = [8, 16, 24, 25, 28, 32]
            return try IPPrefix(
                containing: try #require(IPAddress(address(random))),
                length: lengths[Int(random.below(6))]
            )
        }

        /// Of few networks, so that prefixes and packets meet.
        static func address(_ random: SeededRandom) -> String {
            let networks = [
                "203.0.113", "203.0.112", "198.51.100", "192.168.4", "10.0.0", "10.9.9", "8.8.8",
            ]
            let hosts: [UInt64] = [0, 1, 2, 3, 4, 5, 127, 128, 200, 255]
            return "\(networks[Int(random.below(7))]).\(hosts[Int(random.below(10))])"
        }

        /// A packet of any protocol, and what the model has to know of it.
        func packet(
            from source: String,
            to destination: String,
            number: Int,
            isFarEndSource: Bool
        ) -> (bytes: [UInt8], transport: EgressModel.Transport) {
            let far = UInt16(6 + random.below(5))
            switch random.below(3) {
            case 0:
                let bytes = Packets.echo(
                    from: source,
                    to: destination,
                    sequence: UInt16(truncatingIfNeeded: number)
                )
                return (bytes, EgressModel.Transport(number: 1))
            case let kind:
                let ports: (UInt16, UInt16) = isFarEndSource ? (far, 50_000) : (50_000, far)
                let isTCP = kind == 1
                var packet =
                    isTCP
                    ? Packets.tcp(
                        from: source,
                        to: destination,
                        flags: 0x10,
                        payload: Array("\(number)".utf8)
                    ) : Packets.udp(from: source, to: destination, "\(number)")
                packet.replaceSubrange(
                    20..<24,
                    with: Packets.bytes(ports.0) + Packets.bytes(ports.1)
                )
                packet = Packets.setChecksum(
                    of: packet,
                    proto: isTCP ? 6 : 17,
                    at: isTCP ? 16 : 6
                )
                return (packet, EgressModel.Transport(number: isTCP ? 6 : 17, farPort: far))
            }
        }
    }

    /// The same packet with another source or destination, made anew and not mapped.
    private func readdressed(
        _ packet: [UInt8],
        source: String? = nil,
        destination: String? = nil
    ) throws -> [UInt8] {
        var packet = packet
        for (text, place) in [(source, 12), (destination, 16)] {
            guard let text, case .v4(let address) = try #require(IPAddress(text)) else { continue }
            packet.replaceSubrange(place..<place + 4, with: Packets.bytes(address.bits))
        }
        packet = Packets.setHeaderChecksum(of: packet)
        switch packet[9] {
        case 6: return Packets.setChecksum(of: packet, proto: 6, at: 16)
        case 17: return Packets.setChecksum(of: packet, proto: 17, at: 6)
        default: return packet
        }
    }

    @Test(
        "nothing spoofed or not permitted leaves, and what leaves is the packet with its mapped source",
        arguments: Array(1...24) as [UInt64]
    )
    func leaving(seed: UInt64) throws {
        let world = try World(seed: seed, workers: seed % 3 == 0 ? 3 : 1)
        var expected: [[UInt8]] = []
        for number in 0..<150 {
            let index = Int(world.random.below(UInt64(Self.clients)))
            let own = "10.0.0.\(index + 2)"
            let source = world.random.happens(perMille: 800) ? own : World.address(world.random)
            let destination = World.address(world.random)
            let (bytes, transport) = world.packet(
                from: source,
                to: destination,
                number: number,
                isFarEndSource: false
            )
            let from = try #require(IPAddress(source))
            let to = try #require(IPAddress(destination))
            if world.model.lead(from) == .peer(index), world.model.block.contains(from),
                world.model.permits(to, transport)
            {
                expected.append(try readdressed(bytes, source: mapped(source)))
            }
            world.egress.hub.simulation.send(bytes, from: world.egress.hub.clients[index])
            world.egress.hub.simulation.settle()
        }
        #expect(world.egress.gateway.emitted.map(\.bytes) == expected)
    }

    @Test(
        "nothing spoofed or unsolicited comes in, and what does is the packet with its peer's own address",
        arguments: Array(1...24) as [UInt64]
    )
    func entering(seed: UInt64) throws {
        let world = try World(seed: seed, workers: seed % 3 == 0 ? 3 : 1)
        for client in world.egress.hub.clients { client.received.removeAll() }
        var expected = [[[UInt8]]](repeating: [], count: Self.clients)
        for round in 0..<40 {
            var run: [[UInt8]] = []
            for number in 0..<1 + Int(world.random.below(6)) {
                let source = World.address(world.random)
                let host = world.random.below(7)
                let isMapped = world.random.happens(perMille: 900)
                let destination = "\(isMapped ? "100.64.7" : "100.64.8").\(host)"
                let (bytes, transport) = world.packet(
                    from: source,
                    to: destination,
                    number: round * 10 + number,
                    isFarEndSource: true
                )
                run.append(bytes)
                let from = try #require(IPAddress(source))
                guard isMapped, (2..<5).contains(host), world.model.permits(from, transport) else {
                    continue
                }
                expected[Int(host) - 2].append(
                    try readdressed(bytes, destination: "10.0.0.\(host)")
                )
            }
            let simulation = world.egress.hub.simulation
            simulation.transmit(world.egress.gateway.inject(run, at: simulation.moment))
            simulation.settle()
        }
        #expect(world.egress.hub.clients.map(\.received) == expected)
    }

    @Test(
        "a packet that went out and comes back with its addresses exchanged is as its peer sent it"
    )
    func inverse() throws {
        let egress = try EgressHub(services: [EgressPermission("203.0.113.0/24")])
        let there = Packets.udp(from: "10.0.0.2", to: "203.0.113.1", "there")
        let out = try #require(egress.leaving(there).first)
        // A sum over words does not change with their order, so the checksums stay right.
        let back = Array(out[..<12] + out[16..<20] + out[12..<16] + out[20...])
        let received = try #require(egress.entering(back).first)
        #expect(received == Packets.udp(from: "203.0.113.1", to: "10.0.0.2", "there"))
    }

    private func mapped(_ own: String) -> String {
        own.replacing("10.0.0.", with: "100.64.7.")
    }
}
