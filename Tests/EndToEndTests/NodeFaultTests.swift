import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// What goes wrong between a node and its server. The node carries packets all the while.
    struct NodeFaultTests {
        /// A machine that has joined, with two clients of its gateway that reach each other.
        private static func run(
            _ body: (World, RemoteMachine, GatewayRecord, Member, Member) async throws -> Void
        ) async throws {
            try await RemoteMachine.run { world, node in
                try await node.connectLine()
                try await node.join()
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try await world.waitUntilSeen(a, b)
                try await body(world, node, gateway, a, b)
            }
        }

        @Test("a node of an older version that is not understood any more is told so")
        func version() async throws {
            try await Self.run { world, node, _, a, b in
                node.cutLine()
                try await node.connectLine(isOlder: true)
                #expect(try await node.logs("version 0 of the node protocol, and this server 1 to"))
                #expect(try await node.becomes("away"))
                #expect(try a.host.ping(b.address) != nil, "packets are carried")
                node.cutLine()
                try await node.connectLine()
                #expect(try await node.becomes("connected"), "\(node.log)")
            }
        }

        @Test("errors, empty answers and answers that break off delete nothing")
        func nonsense() async throws {
            try await Self.run { world, node, gateway, a, b in
                let pings = try EndlessPing(from: a, to: b.address, world)
                node.cutLine()
                let liar = try await node.connectLiar(about: gateway)
                let isThrough = try await eventually(within: .seconds(180)) {
                    liar.output.contains("all")
                }
                #expect(isThrough, "\(liar.output) \(node.log)")
                node.cutLine()
                try await node.connectLine()
                #expect(try await node.becomes("connected"), "\(node.log)")
                #expect(try await pings.stop() == 0, "packets are lost")
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping(a.address) != nil, "the node knows what is new")
            }
        }

        @Test("a server that was restored from an older backup tells its nodes all anew")
        func restore() async throws {
            try await Self.run { world, node, gateway, a, b in
                let key = try world.write(String(repeating: "k", count: 32), to: "backup-key")
                let file = world.folder.appending(path: "old.backup").path
                let data = world.dataDirectory
                let secret = ["--key-file", key]
                try Command.require(
                    Program.bareCommand + ["backup", file, "--data-dir", data.path] + secret
                )
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping(a.address) != nil)
                let pings = try EndlessPing(from: a, to: b.address, world)

                world.server.kill()
                try FileManager.default.removeItem(at: data)
                try Command.require(
                    Program.bareCommand + ["restore", file, "--data-dir", data.path] + secret
                )
                try await world.server.start()
                #expect(try await node.becomes("connected"), "\(node.log)")
                let isGone = try await eventually {
                    try c.host.ping(a.address, timeout: 0.2) == nil
                }
                #expect(isGone, "the server that was restored knows no C")
                let d = try await world.addClient("d", of: gateway)
                #expect(try d.host.ping(a.address) != nil, "the node follows the new history")
                #expect(try await pings.stop() == 0, "packets are lost")
            }
        }
    }
}
