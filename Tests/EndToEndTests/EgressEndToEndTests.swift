import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Ways out of networks: the service's host is reached through the server's alone, which forwards
    /// nothing by itself.
    struct EgressEndToEndTests {
        private static let addresses: KeyValuePairs = [
            "203.0.113.0/24": "203.0.113.1", "198.51.100.7/32": "198.51.100.7",
            "192.0.2.128/25": "192.0.2.129", "9.9.9.0/24": "9.9.9.9", "10.99.0.0/16": "10.99.0.1",
            "169.254.169.254/32": "169.254.169.254",
        ]
        private static let prefixes = Array(addresses.map(\.key).prefix(3))
        private static let gatewayAddress = "172.27.0.1"

        /// A config that sends there what the API's own does not.
        private static func leading(to prefixes: [String]) -> (String) -> String {
            { text in
                let more = "AllowedIPs = \(prefixes.joined(separator: ", ")), "
                return text.replacing("AllowedIPs = ", with: more)
            }
        }

        @Test(
            "peers reach a private service through their gateway, which is the first hop, and others do not",
            arguments: World.workerCounts
        )
        func service(workers: Int) async throws {
            try await World.run(workers: workers, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                let first = try await world.addGateway("first")
                let second = try await world.addGateway("second")
                let closed = try await world.addGateway("closed")
                try world.lead([first, second], to: "docs", Self.prefixes)
                try #require(try await world.isProvisioned(first))
                try #require(try await world.isProvisioned(second))
                let a = try await world.addClient("a", of: first)
                let b = try await world.addClient("b", of: second)
                let leading = Self.leading(to: Self.prefixes)
                let c = try await world.addClient("c", of: closed, adjust: leading)
                try #require(a.address == b.address, "the two networks have equal subnets")

                for address in Self.addresses.map(\.value).prefix(3) {
                    #expect(try a.host.ping(address)?.ttl == 62, "\(address) from A")
                    #expect(try b.host.ping(address)?.ttl == 62, "\(address) from B")
                }
                #expect(try c.host.ping(Self.gatewayAddress) != nil, "C is connected")
                #expect(try c.host.ping("203.0.113.1", timeout: 0.5) == nil, "C has no way out")
                #expect(
                    try a.host.ping("203.0.113.1", from: "eth0", timeout: 0.5) == nil,
                    "the server's host forwards nothing that comes outside of a tunnel"
                )

                let hops = [Self.gatewayAddress, ServiceHost.routerAddress, "203.0.113.1"]
                let site = try await service.serveWeb(at: "203.0.113.1")
                #expect(try a.host.traceroute("203.0.113.1") == hops)
                #expect(try a.host.traceroute("203.0.113.1", "-I") == hops)
                #expect(try a.host.traceroute("203.0.113.1", "-T", "-p", "8000") == hops)
                for member in [a, b] {
                    #expect(try site.checksumOfDownload(by: member.host) == site.checksum)
                    #expect(try site.checksumOfUpload(by: member.host) == site.checksum)
                    for bytes in [1, 1000, 4000] {
                        #expect(
                            try await service.echoes(
                                bytes: bytes,
                                at: "203.0.113.1",
                                to: member.host
                            ),
                            "a datagram of \(bytes) bytes"
                        )
                    }
                }
            }
        }

        @Test("a service is added and taken away while a download of another one goes on unharmed")
        func change() async throws {
            try await World.run(workers: 2, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                let site = try await service.serveWeb(at: "203.0.113.1")
                let gateway = try await world.addGateway()
                try world.lead([gateway], to: "docs", ["203.0.113.0/24"])
                let leading = Self.leading(to: ["198.51.100.7/32"])
                let a = try await world.addClient("a", of: gateway, adjust: leading)
                #expect(try a.host.ping("203.0.113.1") != nil)
                let downloads = try world.background(
                    [
                        "sh", "-c",
                        "while curl -s --limit-rate 20M \(site.url)/large | sha256sum; do :; done",
                    ],
                    on: a.host,
                    name: "downloads"
                )
                defer { downloads.kill() }
                func isDownloadedAgain() async throws -> Bool {
                    let before = downloads.output.count
                    return try await eventually { downloads.output.count > before }
                }
                #expect(try await isDownloadedAgain(), "downloads go on")

                #expect(try a.host.ping("198.51.100.7", timeout: 0.5) == nil)
                try world.require("service", "create", "web", "--prefixes", "198.51.100.7/32")
                try world.require("gateway", "update", gateway.id, "--services", "docs,web")
                let isAdded = try await eventually {
                    try a.host.ping("198.51.100.7", timeout: 0.5) != nil
                }
                #expect(isAdded, "the service is added")
                try world.require("gateway", "update", gateway.id, "--services", "docs")
                let isGone = try await eventually {
                    try a.host.ping("198.51.100.7", timeout: 0.5) == nil
                }
                #expect(isGone, "the service is taken away")
                #expect(try await isDownloadedAgain(), "downloads go on")
                let sums = downloads.output.split(separator: "\n").map { "\($0)\n" }
                #expect(Set(sums) == [site.checksum])
            }
        }

        @Test(
            "an internet gateway leads to public addresses only, and comes before the network's default gateway"
        )
        func internet() async throws {
            try await World.run(workers: 1, program: Program.egressCommand) { world in
                let service = try world.addServiceHost(Self.addresses)
                let gateway = try await world.addGateway()
                let targets = [
                    "9.9.9.0/24", "10.99.0.0/16", "169.254.169.254/32",
                    "\(ServiceHost.routerAddress)/32",
                ]
                let leading = Self.leading(to: targets)
                let a = try await world.addClient("a", of: gateway, adjust: leading)
                let router = try await world.addClient("r", of: gateway)
                try router.host.run("ip", "address", "add", "9.9.9.9/32", "dev", "lo")
                #expect(try router.host.ping(Self.gatewayAddress) != nil)
                #expect(try a.host.ping(Self.gatewayAddress) != nil)
                #expect(try a.host.ping("9.9.9.9", timeout: 0.5) == nil, "there is no way out yet")
                /// Each way has its own number of hops: a peer is one behind the gateway.
                func leads(_ ttl: Int?) async throws -> Bool {
                    try await eventually { try a.host.ping("9.9.9.9", timeout: 0.5)?.ttl == ttl }
                }

                let network = gateway.networkId
                try world.require("network", "default-gateway", network, "--peer", router.peer.id)
                #expect(try await leads(63), "to the peer")
                try world.require("internet-gateway", "create", "exit", "--network", network)
                #expect(try await leads(62), "to the internet")
                let shown = try world.wgw("internet-gateway", "get", "exit")
                #expect(shown.output.contains(Topology.endpointAddress), "\(shown.output)")
                let echoes = try service.countEchoes(from: Topology.endpointAddress)
                #expect(try a.host.ping("9.9.9.9") != nil)
                #expect(try echoes() == 1, "packets come from the public_ip that is shown")
                let hops = [Self.gatewayAddress, ServiceHost.routerAddress, "9.9.9.9"]
                #expect(try a.host.traceroute("9.9.9.9") == hops)
                let config = try world.wgw("peer", "config", a.peer.id, "--full-tunnel")
                #expect(config.output.contains("0.0.0.0/0"), "\(config.output)")
                #expect(
                    try a.host.ping("10.99.0.1", timeout: 0.5) == nil,
                    "private addresses are no public ones"
                )
                #expect(
                    try a.host.ping("169.254.169.254", timeout: 0.5) == nil,
                    "nor is that of a cloud's metadata"
                )
                try world.require("internet-gateway", "delete", "--yes", "exit")
                #expect(try await leads(63), "to the peer again")
                try world.require("network", "default-gateway", network, "--remove")
                #expect(try await leads(nil), "nowhere")
            }
        }

        @Test("what the server told the kernel is gone after a stop, and made anew after kill -9")
        func leftovers() async throws {
            try await World.run(workers: 1, program: Program.egressCommand) { world in
                _ = try world.addServiceHost(Self.addresses)
                let gateway = try await world.addGateway()
                #expect(try world.kernelState() == [], "without a way out nothing is made")
                try world.lead([gateway], to: "docs", Self.prefixes)
                let a = try await world.addClient("a", of: gateway)
                #expect(try a.host.ping("203.0.113.1") != nil)
                #expect(try world.kernelState().count == 2)

                #expect(try await world.server.stop() == 0)
                #expect(try world.kernelState() == [])
                try await world.server.start()
                #expect(try a.host.ping("203.0.113.1") != nil)

                world.server.kill()
                let isDeviceGone = try await eventually { try world.kernelState().count == 1 }
                #expect(isDeviceGone, "the device goes with the process, and the table stays")
                try await world.server.start()
                #expect(try a.host.ping("203.0.113.1") != nil)
                #expect(try world.kernelState().count == 2)

                world.server.kill()
                try await world.server.start()
                try world.require("gateway", "update", gateway.id, "--services", "none")
                let isGone = try await eventually { try world.kernelState() == [] }
                #expect(isGone, "the last gateway leads out no longer")
                #expect(try a.host.ping("203.0.113.1", timeout: 0.5) == nil)
            }
        }

        @Test(
            "two servers of one machine lead out side by side, and one with the other's addresses says so and disturbs nothing"
        )
        func twoServers() async throws {
            try await World.run(workers: 1, program: Program.egressCommand) { one in
                _ = try one.addServiceHost(Self.addresses)
                let gateway = try await one.addGateway()
                try one.lead([gateway], to: "docs", Self.prefixes)
                let a = try await one.addClient("a", of: gateway)
                #expect(try a.host.ping("203.0.113.1") != nil)

                var other: GatewayRecord?
                let ports = ["--port-range", "7000-7099"]
                try await World.run(besides: one, options: ports) { two in
                    let gateway = try await two.addGateway()
                    other = gateway
                    try two.lead([gateway], to: "docs", Self.prefixes)
                    let reason = try await eventual {
                        let gateway = try await two.api.gateway(gateway.id)
                        guard let reason = gateway.statusReason, reason.contains("--egress-pool")
                        else { return String?.none }
                        return gateway.status == "provisioning" ? reason : nil
                    }
                    #expect(reason != nil)
                    #expect(try a.host.ping("203.0.113.1") != nil)
                }
                #expect(try one.kernelState().count == 2, "the second left nothing")
                let options = ports + ["--egress-pool", "100.100.0.0/16"]
                try await World.run(besides: one, options: options) { two in
                    let b = try await two.addClient("b", of: #require(other))
                    #expect(try b.host.ping("203.0.113.1") != nil)
                    #expect(try a.host.ping("203.0.113.1") != nil)
                    #expect(try one.kernelState().count == 4)
                }
                #expect(try a.host.ping("203.0.113.1") != nil, "the first goes on without it")
                #expect(try one.kernelState().count == 2)
            }
        }
    }
}
