import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Networks behind peers.
    struct SiteTests {
        private static let (first, second) = ("192.168.10.9", "192.168.20.9")

        @Test(
            "hosts of two sites behind peers reach each other, and none in the name of an address that is not its site's",
            arguments: World.workerCounts
        )
        func sites(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let peers = [
                    try await world.createPeer("a", of: gateway, routes: ["192.168.10.0/24"]),
                    try await world.createPeer("b", of: gateway, routes: ["192.168.20.0/24"]),
                ]
                let a = try await world.addClient("a", as: peers[0])
                let b = try await world.addClient("b", as: peers[1])
                #expect(a.client.config.allowedIPs.contains("192.168.20.0/24"))
                #expect(b.client.config.allowedIPs.contains("192.168.10.0/24"))
                let left = try world.addSiteHost("left", at: Self.first, behind: a)
                let right = try world.addSiteHost("right", at: Self.second, behind: b)
                for member in [a, b] { #expect(try member.host.ping("172.27.0.1") != nil) }

                // Both clients and the gateway are hops.
                #expect(try left.ping(Self.second)?.ttl == 61)
                #expect(try right.ping(Self.first)?.ttl == 61)
                #expect(try left.ping(b.address) != nil && b.host.ping(Self.first) != nil)
                let page = String(repeating: "0123456789abcdef", count: 1 << 16)
                for (host, address, other) in [
                    (left, Self.first, right), (right, Self.second, left),
                ] {
                    let url = try await world.serveWeb(page, on: host, at: address)
                    let arrives = try other.fetch(url) == page
                    #expect(arrives, "\(url)")
                }

                try left.run("ip", "address", "add", "192.168.30.1/32", "dev", "lo")
                #expect(try left.ping(Self.second, from: "192.168.30.1", timeout: 0.5) == nil)
                let isCounted = try await eventually {
                    try await world.drops("source_not_allowed", of: gateway) == 1
                }
                #expect(isCounted)

                let conflict = try world.wgw(
                    "peer",
                    "update",
                    peers[1].id,
                    "--route",
                    "192.168.0.0/16"
                )
                #expect(
                    conflict.status != 0 && conflict.output.contains("behind peer 'a'"),
                    "\(conflict.output)"
                )
                try world.require("peer", "update", peers[1].id, "--route", "none")
                let isGone = try await eventually {
                    try left.ping(Self.second, timeout: 0.5) == nil
                }
                #expect(isGone, "the network behind B is taken away")
            }
        }

        @Test(
            "what has no better route goes to the default gateway's peer, and its answers come back"
        )
        func defaultGateway() async throws {
            try await World.run(workers: 2) { world in
                let gateway = try await world.addGateway()
                let router = try await world.addClient("r", of: gateway)
                try world.require(
                    "network",
                    "default-gateway",
                    gateway.networkId,
                    "--peer",
                    router.peer.id
                )
                let a = try await world.addClient("a", of: gateway) {
                    $0.replacing("AllowedIPs = ", with: "AllowedIPs = 9.9.9.0/24, ")
                }
                let host = try world.addSiteHost("far", at: "9.9.9.9", behind: router)
                for member in [a, router] { #expect(try member.host.ping("172.27.0.1") != nil) }
                let isThere = try await eventually { try a.host.ping("9.9.9.9")?.ttl == 62 }
                #expect(isThere)
                let page = String(repeating: "fedcba9876543210", count: 1 << 16)
                let url = try await world.serveWeb(page, on: host, at: "9.9.9.9")
                let arrives = try a.host.fetch(url) == page
                #expect(arrives)
                #expect(
                    try a.host.traceroute("9.9.9.9") == ["172.27.0.1", router.address, "9.9.9.9"]
                )
            }
        }
    }
}
