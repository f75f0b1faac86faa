import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    /// Private services and the internet by the server's region, for peers of a gateway in another one, which is on another host and a
    /// process of its own. Stock clients, with the configs that the API gives.
    struct DistantServiceTests {
        @Test(
            "peers reach a service of another region through both gateways, and transfers arrive as they were sent"
        )
        func service() async throws {
            try await TwoRegions.run { field in
                try field.offer("docs", TwoRegions.docs)
                try await field.lead(to: "docs")
                let client = try await field.world.addClient("c", of: field.far, at: field.machine)
                // A hop each for the router, the server's host and the first gateway.
                #expect(try client.host.ping("203.0.113.1")?.ttl == 61)
                #expect(
                    try client.host.traceroute("203.0.113.1")
                        == [
                            TwoRegions.address(of: field.far), TwoRegions.address(of: field.here),
                            ServiceHost.routerAddress, "203.0.113.1",
                        ]
                )
                let site = try await field.service.serveWeb(at: "203.0.113.1")
                #expect(try site.checksumOfDownload(by: client.host) == site.checksum)
                #expect(try site.checksumOfUpload(by: client.host) == site.checksum)
                for bytes in [1, 1000, 4000] {
                    #expect(
                        try await field.service.echoes(
                            bytes: bytes,
                            at: "203.0.113.1",
                            to: client.host
                        ),
                        "a datagram of \(bytes) bytes"
                    )
                }
                // Peers of the other gateway reach it as before, and each other over the link.
                let near = try await field.world.addClient("n", of: field.here)
                #expect(try near.host.ping("203.0.113.1")?.ttl == 62)
                #expect(try near.host.ping(client.address) != nil)
                let explained = try field.world.wgw("explain", client.peer.id, "203.0.113.1")
                #expect(explained.output.contains("over its link"), "\(explained.output)")
            }
        }

        @Test(
            "a service of another region is added and taken away while a transfer of another one goes on unharmed"
        )
        func change() async throws {
            try await TwoRegions.run { field in
                let (world, far) = (field.world, field.far)
                try field.offer("docs", TwoRegions.docs)
                try field.offer("web", "198.51.100.7/32")
                try await field.lead(to: "docs")
                let client = try await world.addClient("c", of: far, at: field.machine) { text in
                    text.replacing("AllowedIPs = ", with: "AllowedIPs = 198.51.100.7/32, ")
                }
                let site = try await field.service.serveWeb(at: "203.0.113.1")
                let downloads = try world.background(
                    [
                        "sh", "-c",
                        "while curl -sf --limit-rate 10M \(site.url)/large | sha256sum; do :; done",
                    ],
                    on: client.host,
                    name: "downloads"
                )
                defer { downloads.kill() }
                func isDownloadedAgain() async throws -> Bool {
                    let before = downloads.output.count
                    return try await eventually { downloads.output.count > before }
                }
                #expect(try await isDownloadedAgain(), "downloads go on")
                func isWebReached(_ isReached: Bool) async throws -> Bool {
                    try await eventually {
                        try (client.host.ping("198.51.100.7", timeout: 0.5) != nil) == isReached
                    }
                }
                #expect(try await isWebReached(false))
                #expect(try await world.api.peer(client.peer.id).configState == "current")
                try await field.lead(to: "docs,web")
                #expect(try await isWebReached(true), "the service is added")
                #expect(try await world.api.peer(client.peer.id).configState == "outdated")
                // The other gateway leads there no more, and with it this one.
                try world.require("gateway", "update", field.here.id, "--services", "docs")
                #expect(try await isWebReached(false), "the service is taken away")
                let status = try world.wgw("status")
                #expect(status.output.contains("names the private service web"), "\(status.output)")
                #expect(try await isDownloadedAgain(), "downloads go on")
                let sums = downloads.output.split(separator: "\n").map { "\($0)\n" }
                #expect(Set(sums) == [site.checksum])

                try world.require("service", "delete", "docs", "--yes")
                let isGone = try await eventually {
                    try client.host.ping("203.0.113.1", timeout: 0.5) == nil
                }
                #expect(isGone, "a service that is deleted is reached no more")
                #expect(try client.host.ping(TwoRegions.address(of: field.here)) != nil)
            }
        }

        @Test(
            "peers reach the internet through the internet gateway of another region, while there is one"
        )
        func internet() async throws {
            try await TwoRegions.run { field in
                let (world, network) = (field.world, field.far.networkId)
                let client = try await world.addClient("c", of: field.far, at: field.machine) {
                    text in
                    text.replacing("AllowedIPs = ", with: "AllowedIPs = 9.9.9.0/24, ")
                }
                #expect(try client.host.ping(TwoRegions.address(of: field.here)) != nil)
                #expect(try client.host.ping("9.9.9.9", timeout: 0.5) == nil)
                try world.require(
                    "internet-gateway",
                    "create",
                    "exit",
                    "--network",
                    network,
                    "--region",
                    "local"
                )
                let isReached = try await eventually {
                    try client.host.ping("9.9.9.9", timeout: 0.5)?.ttl == 61
                }
                #expect(isReached, "through both gateways")
                try #require(try await world.isProvisioned(field.far))
                let config = try world.wgw("peer", "config", client.peer.id, "--full-tunnel")
                #expect(config.output.contains("0.0.0.0/0"), "\(config.output)")
                let explained = try world.wgw("explain", client.peer.id, "9.9.9.9")
                #expect(explained.output.contains("over its link"), "\(explained.output)")
                let site = try await field.service.serveWeb(at: "9.9.9.9")
                #expect(try site.checksumOfDownload(by: client.host) == site.checksum)
                try world.require("internet-gateway", "delete", "exit", "--yes")
                let isGone = try await eventually {
                    try client.host.ping("9.9.9.9", timeout: 0.5) == nil
                }
                #expect(isGone)
            }
        }
    }
}
