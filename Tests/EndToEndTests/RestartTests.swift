import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    struct RestartTests {
        @Test(
            "after kill -9 and start, gateways and peers are as before, and the server calls the peers",
            arguments: World.workerCounts
        )
        func killedServerComesBack(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                // A peer whose handshake is not confirmed is called when there is a packet for it.
                try await world.waitUntilSeen(a, b)
                #expect(try a.host.ping(b.address) != nil)
                #expect(try b.host.ping(a.address) != nil)

                world.server.kill()
                #expect(try a.host.ping(b.address, timeout: 0.2) == nil, "the server is gone")
                #expect(![a, b].contains { $0.client.wasCalled }, "so far they were the callers")
                let start = ContinuousClock.now
                try await world.server.start()
                print("restart: ready after \((.now - start).milliseconds)")
                // A client would need 15 seconds to notice that its session is gone.
                for member in [a, b] {
                    let isCalled = try await eventually { member.client.wasCalled }
                    #expect(isCalled, "\(member.client.log)")
                }
                #expect(try a.host.ping(b.address) != nil)
                print("restart: echo from A over B after \((.now - start).milliseconds)")
                #expect(try b.host.ping(a.address) != nil)

                let after = try await world.api.gateway(gateway.id)
                #expect(after.publicKey == gateway.publicKey)
                #expect(after.endpoint == gateway.endpoint)
                #expect(after.serverIpAddress == gateway.serverIpAddress)
                #expect(try await world.api.peer(a.peer.id).address == a.address)
                #expect(try await world.api.peer(b.peer.id).address == b.address)
            }
        }

        @Test(
            "a peer that the API acknowledged just before kill -9 is there afterwards",
            arguments: World.workerCounts
        )
        func acknowledgedWritesSurvive(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let peer = try await world.api.createPeer(gateway: gateway.id, name: "last")

                world.server.kill()
                try await world.server.start()

                let after = try await world.api.peer(peer.id)
                #expect(after.publicKey == peer.publicKey)
                #expect(after.address == peer.address)
            }
        }
    }
}
