import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A hub forwards between its peers")
struct HairpinTests {
    @Test(
        "a packet from peer to peer through a hub arrives with one hop less",
        arguments: ["v4", "v6"]
    )
    func hairpin(family: String) throws {
        let hub = try Hub()
        hub.connect()
        let (from, to) = family == "v4" ? ("10.0.0.2", "10.0.0.3") : ("fd00::2", "fd00::3")
        hub.simulation.send(Packets.udp(from: from, to: to, "hello"), from: hub.clients[0])
        hub.simulation.settle()
        #expect(
            hub.clients[1].received == [Packets.udp(from: from, to: to, "hello", hopLimit: 63)]
        )
        #expect(hub.gateway.drops.total == 0)
    }

    @Test("the first packet to a peer waits for the handshake and is not lost")
    func stagedPacket() throws {
        let hub = try Hub()
        hub.simulation.send(
            Packets.echo(from: "10.0.0.2", to: "10.0.0.1"),
            from: hub.clients[0]
        )
        hub.simulation.settle()
        let answer = try #require(hub.clients[0].received.first)
        #expect(answer[20] == 0)
        #expect(answer[8] == 64)
        #expect(Packets.checksum(Array(answer[0..<20])) == 0)
        #expect(Packets.transportChecksum(answer, proto: 1) == 0)
    }
}
