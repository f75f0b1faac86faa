import Foundation
import HubRuntime
import NetAddress
import Testing
import WireGuardCrypto

@testable import LoadGenerator

struct BenchDirectoryTests {
    private func plan(_ pairs: Int, _ subnet: String, extra: Int = 0) throws -> BenchPlan {
        try BenchPlan(
            pairs: pairs,
            listenPort: 51_820,
            subnet: try IPv4Prefix(subnet),
            extraRoutes: extra
        )
    }

    @Test("the hub takes the file as it is, and knows the peers whose keys lie beside it")
    func roundTrip() throws {
        try TemporaryDirectory.with { path in
            let directory = BenchDirectory(path)
            try directory.write(try plan(3, "10.8.0.0/28", extra: 20))
            let text = try Data(contentsOf: URL(filePath: directory.gatewayFile))
            let hub = try HubConfiguration(parsing: [UInt8](text))
            let (gateway, peers) = try directory.read(pairs: nil)

            #expect(hub.interface.listenPort == 51_820)
            #expect(X25519.publicKey(of: hub.interface.privateKey) == gateway)
            #expect(hub.peers.map(\.publicKey) == peers.map { X25519.publicKey(of: $0.privateKey) })
            #expect(peers.map(\.address.description) == (2...7).map { "10.8.0.\($0)" })
            #expect(try directory.read(pairs: 2).peers.count == 4)
        }
    }

    @Test("keys are for their owner only")
    func modes() throws {
        try TemporaryDirectory.with { path in
            let directory = BenchDirectory(path)
            try directory.write(try plan(1, "10.8.0.0/28"))
            for file in [directory.gatewayFile, "\(path)/peers"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test("extra routes are spread over the peers, each given once")
    func extraRoutes() throws {
        let plan = try plan(50, "10.8.0.0/24", extra: 333)
        let routes = (0..<plan.peerCount).map { plan.extraRoutes(ofPeer: $0) }
        #expect(Set(routes.joined()).count == 333)
        #expect(routes.map(\.count).max() == 4)
        #expect(routes.map(\.count).min() == 3)
    }

    @Test("100 000 peers fit into a /15")
    func many() throws {
        let plan = try plan(50_000, "10.64.0.0/15")
        #expect("\(plan.address(ofPeer: 99_999))" == "10.65.134.161")
    }

    @Test(
        "what cannot be is refused",
        arguments: [(0, "10.8.0.0/24", 0), (3, "10.8.0.0/29", 0), (1, "100.64.0.0/24", 1)]
            + [(1, "10.8.0.0/24", 5_000)]
    )
    func refuses(pairs: Int, subnet: String, extra: Int) {
        #expect(throws: LoadProblem.self) { try plan(pairs, subnet, extra: extra) }
    }

    @Test("a damaged key file is named with its line, and nothing of it is told")
    func damaged() throws {
        try TemporaryDirectory.with { path in
            let directory = BenchDirectory(path)
            #expect(throws: LoadProblem.self) { try directory.read(pairs: nil) }
            try directory.write(try plan(1, "10.8.0.0/28"))
            let file = URL(filePath: "\(path)/peers")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing("= 10", with: "! 10").write(
                to: file,
                atomically: true,
                encoding: .utf8
            )
            let problem = #expect(throws: LoadProblem.self) { try directory.read(pairs: nil) }
            #expect(problem?.description.hasPrefix("\(path)/peers:3 is not understood") == true)
        }
    }

    @Test("more pairs than there are cannot be asked for")
    func tooMany() throws {
        try TemporaryDirectory.with { path in
            let directory = BenchDirectory(path)
            try directory.write(try plan(1, "10.8.0.0/28"))
            #expect(throws: LoadProblem.self) { try directory.read(pairs: 2) }
        }
    }
}

enum TemporaryDirectory {
    static func with<R>(_ body: (String) throws -> R) throws -> R {
        let url = FileManager.default.temporaryDirectory.appending(path: "wgw-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path(percentEncoded: false))
    }
}
