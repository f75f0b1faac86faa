import Testing
import TunnelTestSupport

@testable import LoadGenerator

/// Two gateways over loopback, each with peers of its own.
@Suite("Fairness between two tenants", .serialized)
struct FairnessCourseTests {
    @Test(
        "what a neighbour gets is measured alone, beside a tenant's packets, and beside its handshakes"
    )
    func course() async throws {
        let neighbour = try await LoopbackHub(pairs: 1, workers: 1)
        let tenant = try await LoopbackHub(pairs: 400, workers: 1)
        defer {
            neighbour.shutdown()
            tenant.shutdown()
        }
        let report = try FairnessCourse.run(
            options(neighbour, tenant),
            neighbour: .init(gateway: neighbour.gateways.first, peers: neighbour.peers),
            tenant: .init(gateway: tenant.gateways.first, peers: tenant.peers)
        )
        #expect(report.capacityGigabitsPerSecond > 0)
        #expect(report.tenantGigabitsPerSecond > 0)
        #expect(report.tenantPeers == 800)
        for stream in [report.alone, report.besidePackets, report.besideHandshakes] {
            #expect(stream.sent > 0 && stream.sent % 32 == 0)
            #expect(stream.delivered > 0 && stream.delivered <= stream.sent)
            #expect(try #require(stream.latency).p50 > 0)
        }
        let left = report.besidePackets.packetsPerSecond / report.alone.packetsPerSecond
        #expect(report.leftByPackets == left)
    }

    @Test("more than all of a node is no share of it")
    func share() async throws {
        let hub = try await LoopbackHub(pairs: 2, workers: 1)
        defer { hub.shutdown() }
        var options = options(hub, hub)
        options.share = 1.5
        let site = FairnessCourse.Site(gateway: hub.gateways.first, peers: hub.peers)
        #expect(throws: LoadError("--share takes more than 0, at most 1")) {
            try FairnessCourse.run(options, neighbour: site, tenant: site)
        }
    }

    private func options(_ neighbour: LoopbackHub, _ tenant: LoopbackHub) -> FairnessOptions {
        var options = FairnessOptions(neighbour: neighbour.endpoint, tenant: tenant.endpoint)
        options.seconds = 0.5
        options.share = 0.1
        options.attackRate = 1_000
        return options
    }
}
