import DataPlane
import NetAddress
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import LoadGenerator

/// Whole runs over loopback.
@Suite(.serialized)
struct LoadRunTests {
    @Test("a paced run through a gateway loses nothing and finds every packet whole")
    func paced() async throws {
        let hub = try await BenchHub(pairs: 2)
        var options = hub.options
        options.rate = 4_000
        options.burst = 8
        options.seconds = 1
        options.bothWays = true
        options.verifyEvery = 1
        let report = try hub.run(options)
        #expect(report.sent >= 3_900 && report.sent <= 4_100)
        #expect(report.lost == 0)
        #expect(report.duplicates == 0)
        #expect(report.reordered == 0)
        #expect(report.opened >= report.delivered)
        #expect(try #require(report.latency).p50 > 0)
    }

    @Test("without a rate the window keeps the gateway busy", arguments: [1, 32, 100])
    func atWill(burst: Int) async throws {
        let hub = try await BenchHub(pairs: 1)
        var options = hub.options
        options.burst = burst
        options.size = 300
        options.seconds = 0.3
        let report = try hub.run(options)
        #expect(report.delivered > 1_000)
        #expect(report.lossRatio < 0.01)
        #expect(report.duplicates == 0)
    }

    @Test("packets above the gateway's MTU are told as such")
    func tooLarge() async throws {
        let hub = try await BenchHub(pairs: 1)
        var options = hub.options
        options.size = 1_421
        let problem = #expect(throws: LoadProblem.self) { try hub.run(options) }
        #expect(problem?.description.contains("exceed its MTU") == true)
    }

    @Test("a target that does not answer is reported within five seconds")
    func silence() async throws {
        let hub = try await BenchHub(pairs: 1)
        let socket = try UDPSocket(ListenAddress(address: IPAddress("127.0.0.1"), port: 0))
        var options = hub.options
        options.target.port = socket.port
        let start = ContinuousClock.now
        let problem = #expect(throws: LoadProblem.self) { try hub.run(options) }
        #expect(problem?.description.contains("does not answer") == true)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("a wrong process id is told before anything is sent")
    func wrongPID() async throws {
        let hub = try await BenchHub(pairs: 1)
        var options = hub.options
        options.gatewayPID = .max
        #expect(throws: LoadProblem.self) { try hub.run(options) }
    }

    @Test("the floor is made of two costs above nothing")
    func floor() throws {
        var options = FloorOptions()
        options.seconds = 0.2
        options.processor = try Processors.choose(nil)
        let report = try Floor.measure(options)
        #expect(report.aeadSecondsPerGB > 0.05 && report.aeadSecondsPerGB < 500)
        #expect(report.udpSecondsPerGB > 0.01 && report.udpSecondsPerGB < 500)
    }
}

/// A gateway of our own data plane with the peers of a plan.
private struct BenchHub {
    let plane: DataPlane
    let options: LoadOptions
    private let key: PublicKey
    private let peers: [BenchDirectory.Peer]

    init(pairs: Int) async throws {
        let secret = Self.makeKey()
        let gateway = GatewayHandle(slot: 0, generation: 1)
        let plan = try BenchPlan(
            pairs: pairs,
            listenPort: 1,
            subnet: try IPv4Prefix("10.9.0.0/24")
        )
        plane = try DataPlane(workers: 1)
        key = X25519.publicKey(of: secret)
        peers = (0..<plan.peerCount).map {
            BenchDirectory.Peer(privateKey: Self.makeKey(), address: plan.address(ofPeer: $0))
        }
        let loopback = IPAddress.v4(IPv4Address(bits: 0x7f00_0001))
        let port = try await plane.open(
            gateway,
            GatewayConfiguration(
                privateKey: secret,
                addresses: [try InterfaceAddress("10.9.0.1/24")]
            ),
            listen: ListenAddress(address: loopback, port: 0),
            placement: 0
        )
        options = LoadOptions(target: Endpoint(address: loopback, port: port))
        var changes: [DataPlaneChange] = []
        var routes: [(prefix: IPPrefix, destination: Destination)] = []
        for (number, peer) in peers.enumerated() {
            let handle = PeerHandle(slot: UInt32(number), generation: 1)
            let key = X25519.publicKey(of: peer.privateKey)
            changes.append(.installPeer(handle, on: gateway, PeerConfiguration(publicKey: key)))
            routes.append((IPPrefix(.v4(peer.address)), .peer(handle)))
        }
        changes.append(.publish(ForwardingTable(routes: routes), to: [gateway]))
        await plane.apply(changes, placement: 0)
    }

    func run(_ options: LoadOptions) throws -> LoadReport {
        try LoadRun.run(options, hub: key, peers: peers)
    }

    private static func makeKey() -> SecretKey {
        X25519.generatePrivateKey(filledBy: SystemRandom.fill)
    }
}
