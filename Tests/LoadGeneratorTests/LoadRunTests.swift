import Glibc
import NetAddress
import SystemIO
import Testing

@testable import LoadGenerator

@Suite("A run against a hub of ours", .serialized)
struct LoadRunTests {
    @Test("all packets of a bench run arrive once, in order and whole", arguments: [1, 2])
    func paced(workers: Int) async throws {
        let hub = try await LoopbackHub(pairs: 3, workers: workers)
        defer { hub.shutdown() }
        let report = try hub.run { options in
            options.rate = 2000
            options.burst = 8
        }
        expectClean(report)
        // Bursts of 8 leave every 4 ms, for a second: no more, and fewer on a busy machine.
        #expect(report.sent <= 2008 && report.sent % 8 == 0)
        #expect((report.size, report.burst, report.pairs) == (1420, 8, 3))
        #expect(report.seconds >= 1)
        #expect(report.gateway == nil)
    }

    @Test(
        "a bench run without a rate keeps the hub busy and loses no packet",
        arguments: [1, 32, 100]
    )
    func atWill(burst: Int) async throws {
        let hub = try await LoopbackHub(pairs: 2, workers: 2)
        defer { hub.shutdown() }
        let report = try hub.run { options in
            options.seconds = 0.3
            options.burst = burst
            options.window = 128
        }
        expectClean(report)
    }

    @Test("a bench run in both directions with several sockets and the smallest packets loses none")
    func bothWays() async throws {
        let hub = try await LoopbackHub(pairs: 4, workers: 2)
        defer { hub.shutdown() }
        let report = try hub.run { options in
            options.seconds = 0.5
            options.rate = 2000
            options.bothWays = true
            options.sockets = 2
            options.size = ProbePacket.minimumSize
            options.burst = 1
        }
        expectClean(report)
    }

    @Test("a bench run with more peers than shake hands at once gives all of them a session")
    func manyPairs() async throws {
        let hub = try await LoopbackHub(pairs: 100, workers: 1)
        defer { hub.shutdown() }
        let report = try hub.run { options in
            options.seconds = 0.3
            options.rate = 2000
            options.burst = 1
        }
        expectClean(report)
        #expect(report.pairs == 100)
    }

    @Test("a bench run reports the CPU time and memory of the process that it is given")
    func usage() async throws {
        let hub = try await LoopbackHub(pairs: 1, workers: 1)
        defer { hub.shutdown() }
        let report = try hub.run { options in
            options.seconds = 0.3
            options.window = 64
            options.gatewayPID = Int32(getpid())
        }
        let usage = try #require(report.gateway)
        #expect(usage.cpuSecondsPerGB > 0)
        #expect(usage.userSeconds + usage.systemSeconds > 0)
        #expect(usage.residentBytes > 1 << 20)
        let problem = LoadError("no process has the id -1; give the gateway's to --gateway-pid")
        #expect(throws: problem) { try hub.run { $0.gatewayPID = -1 } }
    }

    @Test("a bench run with packets above the hub's MTU ends with the MTU that the hub names")
    func mtu() async throws {
        let hub = try await LoopbackHub(pairs: 1, workers: 1, mtu: 1280)
        defer { hub.shutdown() }
        let problem = #expect(throws: LoadError.self) {
            try hub.run { $0.rate = 1000 }
        }
        #expect(problem?.description.contains("exceed its MTU") == true)
    }

    @Test("a bench run with a target that does not answer ends with an error")
    func silence() async throws {
        let silent = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let hub = try await LoopbackHub(pairs: 1, workers: 1)
        defer { hub.shutdown() }
        let problem = #expect(throws: LoadError.self) {
            try hub.run { $0.targets.first.port = silent.port }
        }
        let sentence =
            "127.0.0.1:\(silent.port) does not answer; does a hub run there, with gateway.conf?"
        #expect(problem?.description == sentence)
    }

    @Test("the peers of each side of a bench run shake hands with the gateway of their side")
    func twoGateways() async throws {
        let near = try await LoopbackHub(pairs: 2, workers: 1)
        let far = try await LoopbackHub(pairs: 2, workers: 1)
        defer {
            near.shutdown()
            far.shutdown()
        }
        var options = LoadOptions(target: near.endpoint)
        options.targets.second = far.endpoint
        let peers = zip(near.peers, far.peers).enumerated().map { number, peers in
            number % 2 == 0 ? peers.0 : peers.1
        }
        let keys = PairSides(near.gateways.first, far.gateways.first)
        var generator = try Generator(options, through: .gateways(keys), peers: peers)
        try generator.connect()
        let connected = peers.indices.filter { generator.sessions.has($0) }
        let hops = generator.probe.hops
        #expect(connected.count == 4)
        #expect(hops == 2)
    }

    private func expectClean(_ report: LoadReport, at place: SourceLocation = #_sourceLocation) {
        #expect(report.sent > 0, sourceLocation: place)
        #expect(report.lost == 0, sourceLocation: place)
        #expect(report.lostBehindGateway == 0, sourceLocation: place)
        #expect(report.lossRatio == 0, sourceLocation: place)
        #expect(report.duplicates == 0, sourceLocation: place)
        #expect(report.reordered == 0, sourceLocation: place)
        #expect(report.opened >= report.sent, "all are verified", sourceLocation: place)
        #expect(report.delivered <= report.sent, sourceLocation: place)
        if let latency = report.latency {
            #expect(latency.p50 > 0 && latency.p50 <= latency.p99, sourceLocation: place)
        } else {
            Issue.record("no latency", sourceLocation: place)
        }
    }
}
