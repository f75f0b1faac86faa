import Foundation
import HubRuntime
import NetAddress
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import LoadGenerator

@Suite("What bench config writes")
struct BenchDirectoryTests {
    private let temporary: TemporaryDirectory
    private var directory: BenchDirectory { BenchDirectory("\(temporary.path)/bench") }

    init() throws { temporary = try TemporaryDirectory() }

    private func plan(pairs: Int = 3, extraRoutes: Int = 0) throws -> BenchPlan {
        try BenchPlan(
            pairs: pairs,
            listenPort: 51_820,
            subnet: try IPv4Prefix("10.64.0.0/15"),
            extraRoutes: extraRoutes
        )
    }

    @Test(
        "the hub's parser reads the bench's gateway, every peer and every route, without a remark"
    )
    func hubReadsIt() throws {
        let plan = try plan(extraRoutes: 20)
        try directory.write(plan)
        let hub = try HubConfigurationFile(directory.gatewayFile).read()
        let read = try directory.read(pairs: nil)

        #expect(hub.remarks == [])
        #expect(hub.interface.listenPort == 51_820)
        #expect(X25519.publicKey(of: hub.interface.privateKey) == read.gateways.first)
        #expect(read.gateways.second == read.gateways.first)
        #expect(
            hub.peers.map(\.publicKey) == read.peers.map { X25519.publicKey(of: $0.privateKey) }
        )
        var routes: Set<String> = []
        for (number, (peer, played)) in zip(hub.peers, read.peers).enumerated() {
            let allowed = hub.allowedIPs(of: peer).map { "\($0)" }
            #expect(played.address == plan.address(ofPeer: number))
            #expect(allowed.first == "\(played.address)/32")
            #expect((3...4).contains(allowed.count - 1), "20 routes over 6 peers")
            routes.formUnion(allowed)
        }
        #expect(routes.count == 6 + 20, "no two peers have the same prefix")
    }

    @Test("the bench's files are their owner's only, even over older ones that were not")
    func modes() throws {
        try directory.write(try plan())
        for name in ["gateway.conf", "peers", "gateway.conf.new"] {
            let path = "\(directory.path)/\(name)"
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o644]
            #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: mode))
        }
        try directory.write(try plan())
        #expect(temporary.mode(of: "bench") == 0o700)
        #expect(temporary.mode(of: "bench/gateway.conf") == 0o600)
        #expect(temporary.mode(of: "bench/peers") == 0o600)
        #expect(temporary.mode(of: "bench/gateway.conf.new") == nil)
    }

    @Test("when one of the bench's files cannot be written, the other is left as it was")
    func nothingHalfWritten() throws {
        try directory.write(try plan())
        let before = try String(contentsOfFile: directory.gatewayFile, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(directory.path)/peers")
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/peers",
            withIntermediateDirectories: false
        )
        let problem = LoadError("\(directory.path)/peers cannot be written: Is a directory")
        #expect(throws: problem) { try directory.write(try plan()) }
        #expect(try String(contentsOfFile: directory.gatewayFile, encoding: .utf8) == before)
        #expect(temporary.mode(of: "bench/gateway.conf.new") == nil)
    }

    @Test("the bench reads as many pairs as it is asked to, and refuses more than the file has")
    func pairs() throws {
        try directory.write(try plan())
        #expect(try directory.read(pairs: 2).peers.count == 4)
        #expect(throws: LoadError.self) { try directory.read(pairs: 4) }
    }

    @Test("a peer file of the bench may name two gateways, the first for the first peers")
    func twoGateways() throws {
        try directory.write(try plan())
        let keys = [PublicKey.random(), PublicKey.random()]
        let text = """
            gateway \(keys[0])
            gateway \(keys[1])
            peer \(Self.key) 10.0.0.2
            peer \(Self.key) 10.0.1.2

            """
        try text.write(toFile: "\(directory.path)/peers", atomically: false, encoding: .utf8)
        #expect(try directory.read(pairs: nil).gateways == PairSides(keys[0], keys[1]))
    }

    @Test(
        "a peer file of the bench that is missing or damaged is named with its line, and without a key",
        arguments: [
            ("", "is not complete"), ("gateway nonsense\n", "peers:1 is not understood"),
            ("gateway \(key)\npeer \(key) 10.0.0.2\n", "is not complete"),
            ("gateway \(key)\npeer \(key) 10.0.0\n", "peers:2 is not understood"),
            ("gateway \(key)\npeer \(key)x 10.0.0.2\n", "peers:2 is not understood"),
            ("gateway \(key)\ngateway \(key)\n", "peers:2 is not understood"),
            ("peer \(key) 10.0.0.2\npeer \(key) 10.0.0.3\n", "is not complete"),
        ]
    )
    func damage(text: String, complaint: String) throws {
        let missing = #expect(throws: LoadError.self) { try directory.read(pairs: nil) }
        #expect(missing?.description.contains("cannot be read: No such file") == true)
        try directory.write(try plan())
        try text.write(toFile: "\(directory.path)/peers", atomically: false, encoding: .utf8)
        let problem = #expect(throws: LoadError.self) { try directory.read(pairs: nil) }
        #expect(problem?.description.contains(complaint) == true)
        #expect(problem?.description.contains(Self.key) == false)
    }

    private static let key = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="

    @Test("wg-quick reads the bench's gateway file as it is", .enabled(if: hasTools))
    func toolsReadIt() throws {
        try directory.write(try plan(extraRoutes: 7))
        let stripped = try Command.require("/usr/bin/wg-quick", "strip", directory.gatewayFile)
        let text = try String(contentsOfFile: directory.gatewayFile, encoding: .utf8)
        #expect(settings(stripped) == settings(text))
    }

    /// wg-quick leaves what is for `wg setconf`: everything, if nothing else was there.
    private func settings(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    private static var hasTools: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/wg-quick")
    }
}
