import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    struct IsolationTests {
        @Test(
            "a peer of another network with the same tunnel address gets nothing",
            arguments: World.workerCounts
        )
        func networksAreApart(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let first = try await world.addGateway("first")
                let second = try await world.addGateway("second")
                let a = try await world.addClient("a", of: first)
                let b = try await world.addClient("b", of: first)
                _ = try await world.api.createPeer(gateway: second.id, name: "placeholder")
                let c = try await world.addClient("c", of: second)
                try #require(c.address == b.address)
                #expect(try c.host.ping("172.27.0.1") != nil, "C is connected")
                #expect(try a.host.ping(b.address) != nil, "B is connected")

                let before = try c.host.receivedPackets(on: c.client.device)
                b.client.stop()
                for _ in 1...5 {
                    #expect(try a.host.ping(c.address, timeout: 0.2) == nil, "C answered A")
                }
                #expect(try c.host.receivedPackets(on: c.client.device) == before)

                #expect(try c.host.ping("172.27.0.1") != nil)
                #expect(
                    try c.host.receivedPackets(on: c.client.device) > before,
                    "the counter counts"
                )
            }
        }

        @Test(
            "a packet whose source is another peer's address is dropped and counted",
            arguments: World.workerCounts
        )
        func foreignSourceIsDropped(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                let victim = try await world.api.createPeer(gateway: gateway.id, name: "c").address
                let before = try b.host.receivedPackets(on: b.client.device)

                try a.host.run("ip", "address", "add", "\(victim)/32", "dev", a.client.device)
                for _ in 1...3 {
                    #expect(try a.host.ping(b.address, from: victim, timeout: 0.2) == nil)
                }

                #expect(try b.host.receivedPackets(on: b.client.device) == before)
                let series =
                    "wgw_gateway_drops_total"
                    + "{gateway=\"\(gateway.id)\",reason=\"source_not_allowed\"}"
                let isCounted = try await eventually {
                    try await world.api.metrics().contains("\(series) 3")
                }
                #expect(isCounted, "the metrics count three drops")
                let isLogged = try await eventually {
                    world.server.log.contains("sourceNotAllowed=3")
                }
                #expect(isLogged, "the log counts three drops:\n\(world.server.log)")
            }
        }

        @Test(
            "a deleted peer's traffic stops, and its handshakes are refused",
            arguments: World.workerCounts
        )
        func deletedPeerIsOut(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)

                let start = ContinuousClock.now
                _ = try await world.api.deletePeer(b.peer.id)
                let time = try await timeUntil(since: start) {
                    try a.host.ping(b.address, timeout: 0.2) == nil
                }
                let stopped = try #require(time, "traffic goes on")
                print("deleted peer: no echo from it \(stopped.milliseconds) after the call")
                #expect(try b.host.ping(a.address, timeout: 0.2) == nil)
                #expect(try b.host.ping("172.27.0.1", timeout: 0.2) == nil)

                try b.client.forgetSessions()
                #expect(try b.host.ping("172.27.0.1", timeout: 2) == nil)
                #expect(try b.client.latestHandshake() == nil, "its handshake was answered")
                #expect(try a.host.ping("172.27.0.1") != nil, "others are not touched")
            }
        }
    }
}
