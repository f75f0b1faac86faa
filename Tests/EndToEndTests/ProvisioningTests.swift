import EndToEndSupport
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ProvisioningTests {
        @Test(
            "every gateway created over the API is provisioned by the node",
            arguments: World.workerCounts
        )
        func allAreProvisioned(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let network = try await world.api.createNetwork("fast")
                var times: [Duration] = []
                for _ in 1...9 {
                    let start = ContinuousClock.now
                    let gateway = try await world.api.createGateway(network: network.id)
                    let time = try await timeUntil(since: start) {
                        try await world.api.gateway(gateway.id).status == "provisioned"
                    }
                    times.append(try #require(time, "never provisioned"))
                }

                let sorted = times.sorted()
                print("create call to provisioned gateway: median \(sorted[4].milliseconds),")
                print("    slowest \(sorted[8].milliseconds)")
            }
        }

        @Test(
            "last_seen and the traffic counters of a stock client's peer reach the API",
            arguments: World.workerCounts
        )
        func activityIsReported(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(a.peer.lastSeen == nil)
                #expect(try a.host.ping(b.address) != nil)
                try await world.waitUntilSeen(a, b)
                let before = try await world.api.peer(a.peer.id)

                let start = ContinuousClock.now
                for _ in 1...10 {
                    #expect(try a.host.ping(b.address, bytes: 1_000) != nil)
                }
                let time = try await timeUntil(since: start) {
                    let now = try await world.api.peer(a.peer.id)
                    return now.rxBytes - before.rxBytes >= 10_000
                        && now.txBytes - before.txBytes >= 10_000
                        && now.lastSeen != before.lastSeen
                }

                let reported = try #require(time, "the API does not show the traffic")
                print("traffic shows in the API after \(reported.milliseconds)")
                let other = try await world.api.peer(b.peer.id)
                #expect(other.rxBytes >= 10_000)
                #expect(other.latestHandshakeAt != nil)
            }
        }
    }
}
