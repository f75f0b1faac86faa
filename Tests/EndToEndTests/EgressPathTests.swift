import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// What is between the node of a gateway and the services: a router that closes them to all others, and links that
    /// are narrower than the tunnel.
    struct EgressPathTests {
        private static let addresses: KeyValuePairs = [
            "203.0.113.0/24": "203.0.113.1", "198.51.100.7/32": "198.51.100.7",
            "192.0.2.128/25": "192.0.2.129", "11.22.32.0/21": "11.22.39.254",
        ]
        private static let prefixes = addresses.map(\.key)
        private static let service = "203.0.113.1"

        @Test(
            "services that a public router closes to clients are reached through the tunnel alone, and only by gateways that lead there",
            arguments: World.workerCounts
        )
        func publicRouter(workers: Int) async throws {
            try await World.run(workers: workers, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                let site = try await service.serveWeb(at: Self.service)
                let gateway = try await world.addGateway()
                let closed = try await world.addGateway("closed")
                try world.lead([gateway], to: "docs", Self.prefixes)
                let a = try await world.addClient("a", of: gateway, behindRouterOf: service)
                let b = try await world.addClient("b", of: gateway, behindRouterOf: service)
                let c = try await world.addClient("c", of: closed, behindRouterOf: service) {
                    $0.replacing(
                        "AllowedIPs = ",
                        with: "AllowedIPs = \(Self.prefixes.joined(separator: ", ")), "
                    )
                }
                for member in [a, b, c] { #expect(try member.host.ping("172.27.0.1") != nil) }

                for address in Self.addresses.map(\.value) {
                    #expect(try a.host.ping(address, from: "wan", timeout: 0.5) == nil)
                }
                let dropped = Self.addresses.count
                #expect(try service.directDrops() == dropped, "the router drops what is direct")
                for address in Self.addresses.map(\.value) {
                    // The router is one more hop than the gateway and its node.
                    #expect(try a.host.ping(address)?.ttl == 62, "\(address)")
                }
                #expect(try site.checksumOfDownload(by: a.host) == site.checksum)
                #expect(try site.checksumOfUpload(by: a.host) == site.checksum)
                for bytes in [1, 1000, 4000] {
                    let isBack = try await service.echoes(
                        bytes: bytes,
                        at: Self.service,
                        to: a.host
                    )
                    #expect(isBack, "a datagram of \(bytes) bytes")
                }
                let hops = ["172.27.0.1", ServiceHost.routerAddress, Self.service]
                #expect(try a.host.traceroute(Self.service) == hops)
                #expect(try a.host.ping(b.address, bytes: 1000) != nil)
                try await expectCounters(world, gateway, carried: a, silent: b)

                #expect(try c.host.ping(Self.service, timeout: 0.5) == nil)
                #expect(try service.directDrops() == dropped, "C's packet went into the tunnel")
                let isCounted = try await eventually {
                    try await world.drops("no_route", of: closed) == 1
                }
                #expect(isCounted)
                let isTold = try await eventually {
                    try await world.api.diagnosis(ofPeer: c.peer.id)
                        .finding("service_not_allowed") != nil
                }
                #expect(isTold)
                let path = try await world.api.explanation(
                    network: closed.networkId,
                    from: c.peer.id,
                    to: Self.service
                )
                #expect(path.outcome == "failed" && path.failed.contains("route"), "\(path)")
            }
        }

        /// Egress is counted apart from what peers send each other, for gateway and peer.
        private func expectCounters(
            _ world: World,
            _ gateway: GatewayRecord,
            carried: Member,
            silent: Member
        ) async throws {
            let file = 20 << 20
            let isCounted = try await eventually {
                let peer = try await world.api.peer(carried.peer.id)
                let sums = try await world.api.gateway(gateway.id)
                return peer.egressRxBytes > file && peer.egressTxBytes > file
                    && sums.egressRxBytes == peer.egressRxBytes
                    && sums.egressTxBytes == peer.egressTxBytes
                    && peer.rxBytes > peer.egressRxBytes && peer.txBytes > peer.egressTxBytes
            }
            #expect(isCounted)
            let other = try await eventual {
                let other = try await world.api.peer(silent.peer.id)
                return other.rxBytes > 1000 ? other : nil
            }
            #expect(other?.egressRxBytes == 0 && other?.egressTxBytes == 0)
        }

        @Test(
            "a first flight of 1900 bytes, as post-quantum keys make of a TLS hello, gets over a link that is narrower than the tunnel, both ways"
        )
        func narrowLink() async throws {
            try await World.run(workers: 2, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                try service.narrow(to: 1300)
                let gateway = try await world.addGateway()
                try world.lead([gateway], to: "docs", Self.prefixes)
                let a = try await world.addClient("a", of: gateway)
                #expect(try a.host.ping(Self.service) != nil)
                let hello = (0..<1900).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                let port = try await NamespaceThread.run(in: service.host.name) {
                    try TCPEcho.serve(at: Self.service)
                }
                let back = try await NamespaceThread.run(in: a.host.name) {
                    try TCPEcho.exchange(hello, with: Self.service, port)
                }
                #expect(back == hello)
                // The client has learned it from the node, whose address its config does not have.
                let route = try a.host.run("ip", "route", "get", Self.service)
                #expect(route.contains("mtu 1300"), "\(route)")
                let site = try await service.serveWeb(at: Self.service)
                #expect(try site.checksumOfDownload(by: a.host) == site.checksum)
                #expect(try site.checksumOfUpload(by: a.host) == site.checksum)
                // Fragments of either side, which the other one puts together.
                #expect(try await service.echoes(bytes: 4000, at: Self.service, to: a.host))
            }
        }

        @Test(
            "wgw connect reaches a service through its gateway, with the config that the API gives"
        )
        func connectedHost() async throws {
            try await World.run(workers: 2, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                let site = try await service.serveWeb(at: Self.service)
                let gateway = try await world.addGateway()
                try world.lead([gateway], to: "docs", Self.prefixes)
                let machine = try await world.addConnectedHost("m", of: gateway)
                #expect(try machine.host.ping(Self.service)?.ttl == 62, "\(machine.log)")
                #expect(try site.checksumOfDownload(by: machine.host) == site.checksum)
                #expect(try site.checksumOfUpload(by: machine.host) == site.checksum)
                let hops = ["172.27.0.1", ServiceHost.routerAddress, Self.service]
                #expect(try machine.host.traceroute(Self.service) == hops)
                #expect(try await machine.stop() == 0)
            }
        }
    }
}
