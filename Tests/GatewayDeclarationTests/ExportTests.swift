import GatewayDeclaration
import JSON
import TestSupport
import Testing

/// Properties that hold for all declarations and servers: random ones show it.
struct ExportTests {
    @Test("what is exported and applied to the same server changes nothing", arguments: seeds)
    func exportIsIdentity(seed: UInt64) {
        let server = SimulatedServer.random(seed)
        for text in [
            Declaration.write(server.state).yaml, Declaration.write(server.state).encoded,
        ] {
            let (plan, mistakes) = Declaration.planned(text, for: server, prunes: true)
            #expect(mistakes == [], "\(text)")
            #expect(plan.steps.isEmpty, "\(plan.text)\n\(text)")
            #expect(plan.unchanged == server.count)
        }
    }

    @Test("what is exported and applied to an empty server makes one like it", arguments: seeds)
    func exportMakesACopy(seed: UInt64) {
        let server = SimulatedServer.random(seed, areNamed: true)
        let text = Declaration.write(server.state).yaml
        var copy = SimulatedServer(seed: seed &+ 1)
        let (plan, mistakes) = Declaration.planned(text, for: copy)
        #expect(mistakes == [], "\(text)")
        copy.carryOut(plan)
        #expect(Declaration.write(copy.state).yaml == text)
        #expect(Declaration.planned(text, for: copy, prunes: true).plan.steps.isEmpty)
    }

    @Test(
        "a declaration makes any server like itself, and has nothing to do then",
        arguments: seeds
    )
    func applyTwice(seed: UInt64) {
        let text = Declaration.write(SimulatedServer.random(seed, areNamed: true).state).yaml
        var server = SimulatedServer.random(seed &+ 1_000, areNamed: true)
        let (plan, mistakes) = Declaration.planned(text, for: server, prunes: true)
        #expect(mistakes == [])
        server.carryOut(plan)
        let again = Declaration.planned(text, for: server, prunes: true)
        #expect(again.mistakes == [])
        #expect(again.plan.steps.isEmpty, "\(again.plan.text)")
    }

    @Test("an apply that stopped in the middle is finished by the next one", arguments: seeds)
    func interrupted(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let text = Declaration.write(SimulatedServer.random(seed, areNamed: true).state).yaml
        var server = SimulatedServer(seed: seed &+ 2)
        while true {
            let (plan, mistakes) = Declaration.planned(text, for: server)
            #expect(mistakes == [])
            guard !plan.steps.isEmpty else { break }
            server.carryOut(plan, limit: Int.random(in: 1...3, using: &random))
        }
        #expect(Declaration.write(server.state).yaml == text)
    }

    private static let seeds: [UInt64] = Array(0..<40)
}

extension SimulatedServer {
    /// - Parameter areNamed: whether all have names of their own, as another server needs them.
    static func random(
        _ seed: UInt64,
        areNamed: Bool = false
    ) -> SimulatedServer {
        var random = SplitMix64(seed: seed)
        var server = SimulatedServer(seed: seed &+ 7)
        let names = ["office", "no", "7", "a: b", "é 漢", "*x", "Tom & Jerry", "\"q\"", "1e3", "#"]
        func name(_ index: Int, _ random: inout SplitMix64) -> JSONValue {
            if !areNamed, Bool.random(using: &random) { return .null }
            return .string(areNamed ? "\(names[index % 10])-\(index)" : names[index % 4])
        }
        for index in 0..<Int.random(in: 0...3, using: &random) {
            server.add(
                .service,
                [
                    "name": .string("service-\(index)"),
                    "prefixes": [.string("192.0.2.\(index)/32")],
                    "protocol": Bool.random(using: &random) ? "udp" : .null,
                    "ports": Bool.random(using: &random) ? ["5060", "443"] : [],
                ]
            )
        }
        for index in 0..<Int.random(in: 0...3, using: &random) {
            let network = server.add(
                .network,
                ["name": areNamed ? name(index, &random) : .string(names[index % 2])]
            )
            for region in ["local", "fra"] where Bool.random(using: &random) {
                server.add(
                    .internetGateway,
                    [
                        "name": .string(region),
                        "network_id": .string(network), "region_code": .string(region),
                    ]
                )
            }
            for index in 0..<Int.random(in: 0...3, using: &random) {
                let gateway = server.add(
                    .gateway,
                    [
                        "name": name(index, &random), "network_id": .string(network),
                        "mtu": .integer(Int.random(in: 1_400...1_420, using: &random)),
                        "subnet": .string("10.0.\(index).0/24"),
                        "region_code": "local", "persistent_keepalive": .null,
                    ]
                )
                for index in 0..<Int.random(in: 0...4, using: &random) {
                    let peer = server.add(
                        .peer,
                        [
                            "name": name(index, &random),
                            "wireguard_interface_id": .string(gateway),
                            "persistent_keepalive": Bool.random(using: &random)
                                ? .integer(index) : .null,
                        ]
                    )
                    if Int.random(in: 0..<3, using: &random) == 0 {
                        server.set("is_default_gateway", .bool(true), of: peer)
                    }
                }
            }
        }
        return server
    }
}
