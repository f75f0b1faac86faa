import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Gateways that go from one machine to another of their region.
    struct NodeMoveTests {
        /// Two nodes of one region; a gateway that the first of them carries, with two clients.
        private static func run(
            _ body: (World, [RemoteMachine], GatewayRecord, Member, Member) async throws -> Void
        ) async throws {
            try await RemoteMachine.run { world, first in
                try await first.connectLine()
                try await first.join()
                let gateway = try await world.addGateway(region: RemoteMachine.region)
                let second = try RemoteMachine("far-2", of: world)
                try await second.join()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                #expect(try a.host.ping(b.address) != nil)
                try await world.waitUntilSeen(a, b)
                try await body(world, [first, second], gateway, a, b)
            }
        }

        private static func outdated(_ world: World) throws -> Int {
            let list = try world.wgw("peer", "list", "--config", "outdated", "-o", "name")
            return list.output.split(separator: "\n").count
        }

        @Test(
            "a gateway that is moved calls its peers, which go on with the configs that they have"
        )
        func sameAddress() async throws {
            try await Self.run { world, nodes, gateway, a, b in
                // Both are reached at one address, as where it moves along.
                #expect(!a.client.wasCalled)
                try world.require("gateway", "move", gateway.id, "--node", "far-2")
                let moved = try await world.api.gateway(gateway.id)
                #expect(moved.endpoint == gateway.endpoint, "the port is free there, too")
                #expect(try await world.isProvisioned(gateway))
                let isCalled = try await eventually { a.client.wasCalled && b.client.wasCalled }
                #expect(isCalled, "the node calls the peers that were there")
                #expect(try a.host.ping(b.address) != nil)
                #expect(try Self.outdated(world) == 0)
                #expect(nodes.filter(\.isRunning).count == 2)

                // And back, while the node that it comes from is away.
                nodes[1].kill()
                try world.require("gateway", "move", gateway.id, "--node", "far-1")
                #expect(try await world.isProvisioned(gateway))
                #expect(try b.host.ping(a.address) != nil)
            }
        }

        @Test("a gateway that is moved to a node with another address makes configs outdated")
        func otherAddress() async throws {
            try await Self.run { world, nodes, gateway, a, b in
                let address = "192.0.2.7"
                try world.host.run("ip", "address", "add", "\(address)/32", "dev", "lo")
                try world.require("node", "update", "far-2", "--endpoint-address", address)
                #expect(try Self.outdated(world) == 0, "it has no gateway yet")
                try world.require("gateway", "move", gateway.id, "--node", "far-2")
                let moved = try await world.api.gateway(gateway.id)
                #expect(moved.endpoint.hasPrefix(address + ":"))
                #expect(moved.serverIpAddress == gateway.serverIpAddress)
                #expect(moved.publicKey == gateway.publicKey)
                #expect(try await world.isProvisioned(gateway))
                #expect(try Self.outdated(world) == 2)
                for member in [a, b] {
                    let config = try await world.api.config(ofPeer: member.peer.id)
                    #expect(config.contains("Endpoint = \(moved.endpoint)"))
                    try member.client.send(to: moved.endpoint)
                }
                #expect(try a.host.ping(b.address) != nil)
                #expect(try Self.outdated(world) == 0)
                #expect(nodes.filter(\.isRunning).count == 2)
            }
        }

        @Test(
            "a private service is reached through the node that a gateway is moved to, and counted there"
        )
        func egress() async throws {
            try await Self.run { world, nodes, gateway, a, b in
                let service = try world.addServiceHost(["203.0.113.0/24": "203.0.113.1"])
                try world.lead([gateway], to: "docs", ["203.0.113.0/24"])
                try #require(try await world.isProvisioned(gateway))
                let c = try await world.addClient("c", of: gateway)
                #expect(try c.host.ping("203.0.113.1")?.ttl == 62)
                #expect(try a.host.ping("203.0.113.1", timeout: 0.5) == nil, "not in its config")
                // The new node calls those whose endpoint has been reported.
                try await world.waitUntilSeen(c)
                try world.require("gateway", "move", gateway.id, "--node", "far-2")
                try #require(try await world.isProvisioned(gateway))
                #expect(try b.host.ping(c.address) != nil)
                #expect(try c.host.ping("203.0.113.1")?.ttl == 62)
                let isCounted = try await eventually {
                    try await world.api.gateway(gateway.id).egressTxBytes > 0
                }
                #expect(isCounted, "what left through the nodes is counted")
                #expect(service.host.name != c.host.name && nodes.filter(\.isRunning).count == 2)
            }
        }
    }
}
