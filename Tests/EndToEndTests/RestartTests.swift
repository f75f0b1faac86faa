import Testing

extension ThroughTheGateway {
    struct RestartTests {
        @Test(
            "after kill -9 and start all is as it was, and traffic resumes within 2 seconds",
            arguments: World.workerCounts
        )
        func killedServerComesBack(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                #expect(try b.host.ping(a.address) != nil)
                try await world.waitUntilSeen(a, b)

                world.server.kill()
                #expect(try a.host.ping(b.address, timeout: 0.2) == nil, "the server is gone")
                let start = ContinuousClock.now
                try await world.server.start()
                let ready = ContinuousClock.now - start
                let time = try await timeUntil(within: .seconds(10), since: start) {
                    try a.host.ping(b.address, timeout: 0.05) != nil
                }

                let resumed = try #require(time, "no traffic after the restart")
                print("restart: ready after \(ready.milliseconds), ")
                print("restart: first echo from A over B after \(resumed.milliseconds)")
                #expect(resumed < .seconds(2))
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
            "what the API acknowledged just before kill -9 is there afterwards",
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
