import NetAddress
import TestSupport
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("Detours around a link that is down")
struct DetourTests {
    /// The regions that a packet of this size went through, in the order of its way.
    private func visited(_ mesh: Mesh, atLeast size: Int) -> [Int] {
        let hops = mesh.simulation.log.map(\.datagram).filter { $0.bytes.count > size }
            .compactMap { Mesh.hop($0) }
        guard let first = hops.first else { return [] }
        return [first.from] + hops.map(\.to)
    }

    @Test("packets go around by a third region and come back to the direct link")
    func detourAndReturn() throws {
        let mesh = try Mesh()
        mesh.connect()
        mesh.cut(0, 1)
        #expect(mesh.received(Mesh.packet(0, 1), from: 0)[1].isEmpty)
        mesh.take(.detour(group: 2), at: 0, toward: 1)
        mesh.take(.detour(group: 2), at: 1, toward: 0)
        let around = try #require(mesh.received(Mesh.packet(0, 1), from: 0)[1].first)
        #expect(around[8] == 61)
        #expect(mesh.received(Mesh.packet(1, 0), from: 1)[0].count == 1)
        // The regions that still reach each other are not concerned.
        #expect(try #require(mesh.received(Mesh.packet(0, 2), from: 0)[2].first)[8] == 62)

        mesh.heal()
        mesh.take(.direct(lanes: .max), at: 0, toward: 1)
        let direct = try #require(mesh.received(Mesh.packet(0, 1), from: 0)[1].first)
        #expect(direct[8] == 62)
    }

    @Test("on a detour all three gateways are hops")
    func hops() throws {
        let mesh = try Mesh()
        mesh.connect()
        mesh.take(.detour(group: 2), at: 0, toward: 1)
        for (limit, source) in [(1, "10.0.0.1"), (2, "10.0.2.1"), (3, "10.0.1.1")] {
            let packet = Mesh.packet(0, 1, hopLimit: UInt8(limit))
            let error = try ICMPReply(try #require(mesh.received(packet, from: 0)[0].first))
            #expect(error.type == 11 && error.source == IPAddress(source))
        }
    }

    @Test("a packet that came over a link is never sent on a detour")
    func noDetourAfterDetour() throws {
        let mesh = try Mesh(regions: 4)
        mesh.connect()
        mesh.take(.detour(group: 2), at: 0, toward: 1)
        for path in [PathChoice.Path.detour(group: 3), .detour(group: 0), .unreachable] {
            mesh.take(path, at: 2, toward: 1)
            let received = mesh.received(Mesh.packet(0, 1), from: 0)
            let error = try ICMPReply(try #require(received[0].first))
            #expect(error.type == 3 && error.code == 0 && error.source == IPAddress("10.0.2.1"))
            #expect(received[1].isEmpty)
        }
        #expect(mesh.drops(.linkDown, at: 2, toward: 0) == 3)
    }

    @Test("a packet is not sent back over the link to the gateway that it came from")
    func notBack() throws {
        let mesh = try Mesh()
        mesh.connect()
        // Each of the two takes the prefix for the other's.
        try mesh.nodes[0].addRoute("10.9.0.0/16", to: .link(1))
        try mesh.nodes[1].addRoute("10.9.0.0/16", to: .link(0))
        let packet = Packets.udp(from: "10.0.0.2", to: "10.9.0.1", "lost")
        let error = try ICMPReply(try #require(mesh.received(packet, from: 0)[0].first))
        #expect(error.type == 3 && error.code == 0)
        #expect(mesh.drops(.transitNotAllowed, at: 1, toward: 0) == 1)
    }

    @Test(
        "whatever nodes believe of each other, no packet sees a gateway twice or takes more than two links",
        arguments: 0..<12 as Range<UInt64>
    )
    func noLoop(seed: UInt64) throws {
        let regions = 5
        let mesh = try Mesh(regions: regions, seed: seed)
        mesh.connect()
        var random = SplitMix64(seed: seed)
        func other(than region: Int) -> Int {
            (region + 1 + Int(UInt64.random(in: 0..<UInt64(regions - 1), using: &random))) % regions
        }
        for region in 0..<regions {
            for block in 0..<4 {
                try mesh.nodes[region].addRoute(
                    "10.\(9 + block).0.0/16",
                    to: .link(UInt32(other(than: region)))
                )
            }
            for remote in 0..<regions where remote != region {
                switch UInt64.random(in: 0..<4, using: &random) {
                case 0: mesh.take(.unreachable, at: region, toward: remote)
                case 1, 2:
                    mesh.take(.detour(group: other(than: region)), at: region, toward: remote)
                default: break
                }
            }
        }
        let filling = String(repeating: "x", count: 800)
        for region in 0..<regions {
            let destinations =
                (0..<4).map { "10.\(9 + $0).0.1" } + (0..<regions).map { "10.0.\($0).2" }
            for destination in destinations {
                mesh.simulation.forgetLog()
                let packet = Packets.udp(from: "10.0.\(region).2", to: destination, filling)
                let received = mesh.received(packet, from: region)
                let visited = visited(mesh, atLeast: 800)
                #expect(Set(visited).count == visited.count, "\(visited)")
                #expect(visited.count <= 3, "\(visited)")
                // Delivered once at most, or answered once at most.
                #expect(received.joined().count <= 1)
            }
        }
    }
}
