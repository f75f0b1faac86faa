import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ClientRoamingTests {
        @Test(
            "a stock client whose address and port change keeps its session",
            arguments: World.workerCounts
        )
        func sessionSurvivesRoaming(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try await world.waitUntilSeen(a, b)
                let handshake = try a.client.latestHandshake()
                let before = try await world.api.peer(a.peer.id)

                try a.client.roam()

                #expect(try a.host.ping(b.address) != nil, "A goes on")
                #expect(try b.host.ping(a.address) != nil, "the gateway follows A")
                #expect(try a.client.latestHandshake() == handshake)
                let isReported = try await eventually {
                    let endpoint = try await world.api.peer(a.peer.id).endpoint
                    return endpoint?.hasPrefix(a.client.link.roamedAddress) == true
                }
                let after = try await world.api.peer(a.peer.id)
                #expect(isReported, "the API still says \(after.endpoint ?? "nothing")")
                #expect(after.endpoint != before.endpoint)
                #expect(after.latestHandshakeAt == before.latestHandshakeAt)
            }
        }
    }
}
