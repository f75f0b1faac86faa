import NetAddress
import Testing
import TunnelTestSupport
import WireGuardEngine

@testable import DataPlane

@Suite("Through the tunnel")
struct TunnelTests {
    @Test("two clients talk to each other through a gateway", arguments: [1, 2])
    func hairpin(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        var bob = try TunnelClient("10.9.0.3", hub: hub.key, at: hub.port)
        await hub.admit([(alice.publicKey, alice.address), (bob.publicKey, bob.address)])
        #expect([alice.connect(), bob.connect()] == [true, true])

        let words = (0..<200).map { datagram(1_300, number: $0) }
        for word in words {
            alice.send(Packets.udp(from: .v4(alice.address), to: .v4(bob.address), word))
        }
        alice.flush()
        let heard = bob.receive(words.count)

        #expect(heard.map { Array($0.dropFirst(28)) } == words)
        #expect(heard.allSatisfy { $0[8] == 63 }, "the gateway is a hop")
        bob.send(Packets.udp(from: .v4(bob.address), to: .v4(alice.address), words[0]))
        bob.flush()
        #expect(alice.receive(1).map { Array($0.dropFirst(28)) } == [words[0]])

        let report = await hub.plane.workerReport()
        #expect(report.peers.count == 2)
        #expect(report.drops[Hub.gateway]?.total == 0)
        #expect(report.io.unsent.total == 0)
    }

    @Test("a heartbeat of the data plane leaves what is new to the next report", arguments: [1, 2])
    func heartbeat(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        await hub.admit([(alice.publicKey, alice.address)])
        #expect([alice.connect()] == [true])

        await hub.plane.heartbeat()

        #expect(await hub.plane.workerReport().peers.count == 1)
    }

    @Test("two workers carry one gateway, and the packets of every flow stay in order")
    func sharing() async throws {
        let hub = try await Hub(workers: 2)
        defer { hub.plane.shutdown() }
        // Their slots are of different shards.
        let clients = try ["10.9.0.2", "10.9.0.3", "10.9.0.4", "10.9.0.5"].map {
            ClientBox(try TunnelClient($0, hub: hub.key, at: hub.port))
        }
        await hub.admit(clients.map { ($0.client.publicKey, $0.client.address) })
        let areConnected = clients.map { $0.client.connect() }
        #expect(areConnected.allSatisfy { $0 })

        for round in 0..<20 {
            let words = (0..<50).map { datagram(1_000, number: 50 * round + $0) }
            for (index, sender) in clients.enumerated() {
                let next = clients[(index + 1) % clients.count].client.address
                for word in words {
                    let packet = Packets.udp(from: .v4(sender.client.address), to: .v4(next), word)
                    sender.client.send(packet)
                }
                sender.client.flush()
            }
            for client in clients {
                let heard = client.client.receive(words.count).map { Array($0.dropFirst(28)) }
                #expect(heard == words)
            }
        }
        let reports = await hub.plane.reports()
        #expect(reports.allSatisfy { $0.io.receivedDatagrams > 1000 }, "both workers carry")
        let peers = reports.flatMap(\.peers).map(\.peer)
        #expect(Set(peers).count == clients.count)
        #expect(peers.count == clients.count, "each peer is in one report")
    }

    private final class ClientBox {
        var client: TunnelClient

        init(_ client: consuming TunnelClient) {
            self.client = client
        }
    }

    @Test("a gateway answers an echo to its own address", arguments: [1, 2])
    func echo(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var client = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        await hub.admit([(client.publicKey, client.address)])
        #expect([client.connect()] == [true])
        let gateway = try #require(IPv4Address("10.9.0.1"))

        client.send(Packets.echo(from: .v4(client.address), to: .v4(gateway), sequence: 9))
        client.flush()
        let reply = try #require(client.receive(1).first)

        #expect(reply[20] == 0, "echo reply")
        #expect(Packets.checksum(Array(reply[..<20])) == 0)
        #expect(Packets.checksum(Array(reply[20...])) == 0)
        #expect(Array(reply[12..<16]) == [10, 9, 0, 1])
        #expect(Array(reply[26..<28]) == [0, 9])
    }

    @Test(
        "a gateway that is closed under traffic stops answering and drops what waits for it",
        arguments: [1, 2]
    )
    func closing(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var client = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        await hub.admit([(client.publicKey, client.address)])
        #expect([client.connect()] == [true])
        let gateway = try #require(IPv4Address("10.9.0.1"))
        for sequence in 0..<100 as Range<UInt16> {
            client.send(
                Packets.echo(from: .v4(client.address), to: .v4(gateway), sequence: sequence)
            )
        }
        client.flush()

        await hub.plane.close(Hub.gateway)

        let again = GatewayHandle(slot: 0, generation: 2)
        #expect(try await hub.plane.open(again, listen: .loopback(hub.port)) == hub.port)
        let report = await hub.plane.workerReport()
        #expect(report.peers.isEmpty)
        #expect(report.drops.keys.elementsEqual([again]))
    }
}
