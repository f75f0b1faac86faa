import NetAddress
import Testing

@testable import LoadGenerator

@Suite("The plan of a hub for measuring")
struct BenchPlanTests {
    @Test("a bench plan gives the gateway the first usable address and the peers those behind it")
    func addresses() throws {
        let plan = try BenchPlan(pairs: 2, listenPort: 1, subnet: try IPv4Prefix("10.1.0.0/29"))
        #expect("\(plan.gatewayAddress)" == "10.1.0.1")
        #expect(
            (0..<plan.peerCount).map { "\(plan.address(ofPeer: $0))" } == [
                "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5",
            ]
        )
    }

    @Test("a bench plan of 100 000 peers fits into a /15, with every address in it")
    func many() throws {
        let subnet = try IPv4Prefix("10.64.0.0/15")
        let plan = try BenchPlan(
            pairs: 50_000,
            listenPort: 1,
            subnet: subnet,
            extraRoutes: 300
        )
        #expect(subnet.contains(plan.address(ofPeer: plan.peerCount - 1)))
        let routes = (0..<plan.peerCount).flatMap { plan.extraRoutes(ofPeer: $0) }
        #expect(routes.count == 300)
        #expect(Set(routes).count == 300)
        #expect(Set(routes.map(\.length)) == [22, 23, 24])
    }

    @Test("a bench plan gives no peer the network's own address or the broadcast address")
    func full() throws {
        let subnet = try IPv4Prefix("10.1.0.0/29")
        #expect(throws: LoadError.self) {
            try BenchPlan(pairs: 3, listenPort: 1, subnet: subnet)
        }
    }

    @Test(
        "a bench plan that is impossible is refused with the option's name",
        arguments: [
            (0, 1, 0, "--pairs"), (1 << 21, 1, 0, "--pairs"), (1, 0, 0, "--listen-port"),
            (1, 1, -1, "--extra-routes"), (1, 1, 5000, "--extra-routes"),
        ]
    )
    func bounds(pairs: Int, port: UInt16, routes: Int, option: String) throws {
        let subnet = try IPv4Prefix("10.0.0.0/8")
        let problem = #expect(throws: LoadError.self) {
            try BenchPlan(pairs: pairs, listenPort: port, subnet: subnet, extraRoutes: routes)
        }
        #expect(problem?.description.hasPrefix("\(option) takes") == true)
    }

    @Test("the extra routes of a bench plan never overlap the peers")
    func overlap() throws {
        let subnet = try IPv4Prefix("100.64.0.0/16")
        _ = try BenchPlan(pairs: 1, listenPort: 1, subnet: subnet)
        #expect(throws: LoadError.self) {
            try BenchPlan(pairs: 1, listenPort: 1, subnet: subnet, extraRoutes: 1)
        }
    }
}
