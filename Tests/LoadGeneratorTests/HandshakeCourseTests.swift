import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import LoadGenerator

/// Storms over loopback.
@Suite("A storm of handshakes", .serialized)
struct HandshakeCourseTests {
    private func options(for hub: LoopbackHub, rate: Double?) -> HandshakeOptions {
        var options = HandshakeOptions(target: hub.endpoint)
        options.rate = rate
        options.seconds = 0.5
        return options
    }

    @Test("a gateway completes the handshakes of valid peers, also beside a stream of packets")
    func validPeers() async throws {
        let hub = try await LoopbackHub(pairs: 8, workers: 1)
        let report = try HandshakeCourse.run(
            options(for: hub, rate: 100),
            hub: hub.gateways.first,
            peers: hub.peers
        )
        #expect(report.stormingPeers == 6)
        #expect(report.curveNanoseconds > 1_000)
        for storm in [report.alone, report.besideData] {
            #expect(storm.completedPerSecond > 0)
            #expect(storm.unanswered == 0)
            #expect(storm.refused == 0)
            #expect(storm.attackPerSecond == 0)
            #expect(try #require(storm.latency).p50 > 0)
        }
        #expect(report.gigabitsPerSecondBefore > 0)
        #expect(report.throughputRatio > 0)
    }

    @Test(
        "valid peers complete handshakes during each kind of attack",
        arguments: InitiationFlood.Attack.allCases
    )
    func attacks(attack: InitiationFlood.Attack) async throws {
        let hub = try await LoopbackHub(pairs: 8, workers: 1)
        var options = options(for: hub, rate: 100)
        options.attack = attack
        options.attackRate = 1_000
        var (areThrough, isUnderLoad) = (false, false)
        // A busy machine needs longer.
        while !areThrough, options.seconds < 20 {
            let report = try HandshakeCourse.run(options, hub: hub.gateways.first, peers: hub.peers)
            #expect(report.alone.attackPerSecond > 0)
            areThrough =
                report.alone.completedPerSecond > 0 && report.besideData.completedPerSecond > 0
            isUnderLoad = isUnderLoad || report.alone.cookies > 0
            options.seconds *= 2
        }
        #expect(areThrough)
        // Only an attacker who knows the gateway's key brings it under load; and a hub that does not
        // get 500 a second done is never under load.
        #expect(!isUnderLoad || attack != .invalidMAC)
        if !isUnderLoad, attack != .invalidMAC { print("\(attack): the hub is too slow for load") }
    }

    @Test("handshakes of unknown peers are not answered, and not counted as completed")
    func strangers() async throws {
        let hub = try await LoopbackHub(pairs: 1, workers: 1)
        let strangers = (0..<14).map { number in
            BenchDirectory.Peer(
                privateKey: SecretKey.random(),
                address: IPv4Address(bits: 0x0a40_0100 + UInt32(number))
            )
        }
        var options = options(for: hub, rate: 100)
        options.seconds = 1.2
        let report = try HandshakeCourse.run(
            options,
            hub: hub.gateways.first,
            peers: hub.peers + strangers
        )
        #expect(report.alone.completedPerSecond == 0)
        #expect(report.alone.unanswered > 0)
        #expect(report.alone.latency == nil)
    }

    @Test("too few pairs for a rate of handshakes are refused with the number that is needed")
    func tooFewPairs() async throws {
        let hub = try await LoopbackHub(pairs: 3, workers: 1)
        let problem = #expect(throws: LoadError.self) {
            try HandshakeCourse.run(
                options(for: hub, rate: 1_000),
                hub: hub.gateways.first,
                peers: hub.peers
            )
        }
        #expect(problem?.description.contains("1000 handshakes a second take 29 pairs") == true)
    }
}
