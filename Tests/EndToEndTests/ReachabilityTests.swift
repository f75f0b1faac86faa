import EndToEndSupport
import Foundation
import TestSupport
import Testing

extension ThroughTheGateway {
    struct ReachabilityTests {
        @Test(
            "a client that uses the config of the API completes a handshake with the gateway",
            arguments: World.workerCounts
        )
        func handshake(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)

                #expect(a.client.config.endpoint == gateway.endpoint)
                #expect(try a.host.ping("172.27.0.1") != nil)
                #expect(try a.client.latestHandshake() != nil)
                #expect(
                    try a.client.endpoint() == gateway.endpoint,
                    "the gateway answers from the address that was asked"
                )
                let shown = try Command.require(Program.binary.path, "show", gateway.id)
                #expect(shown.hasPrefix("interface: \(gateway.id)\n"))
                #expect(shown.contains("peer: \(a.peer.publicKey)\n"))
                #expect(shown.contains("latest handshake: "))
            }
        }

        @Test(
            "two stock clients reach each other's web server, and only through the tunnel",
            arguments: World.workerCounts
        )
        func peersReachEachOther(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                let webOfA = try await world.serveWeb("hello from A", on: a)
                let webOfB = try await world.serveWeb("hello from B", on: b)

                #expect(
                    try a.host.ping(b.client.link.address, timeout: 1) == nil,
                    "there is another way to B"
                )
                #expect(
                    try b.host.ping(a.client.link.address, timeout: 1) == nil,
                    "there is another way to A"
                )
                #expect(try a.host.fetch(webOfB) == "hello from B")
                #expect(try b.host.fetch(webOfA) == "hello from A")
            }
        }

        @Test(
            "a web page larger than one packet arrives unharmed between two stock clients",
            arguments: World.workerCounts
        )
        func bulkArrivesUnharmed(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)
                let body = (0..<200_000).map { "line \($0)" }.joined(separator: "\n")
                let url = try await world.serveWeb(body, on: b)

                let fetched = try a.host.fetch(url)
                #expect(fetched == body, "\(fetched?.count ?? 0) of \(body.count) characters")
            }
        }

        @Test(
            "the gateway is one routed hop, with TTL 63 and its own address in a traceroute",
            arguments: World.workerCounts
        )
        func gatewayIsARouter(workers: Int) async throws {
            try await World.run(workers: workers) { world in
                let gateway = try await world.addGateway()
                let a = try await world.addClient("a", of: gateway)
                let b = try await world.addClient("b", of: gateway)

                #expect(gateway.serverIpAddress == "172.27.0.1/24")
                #expect(try a.host.ping("172.27.0.1")?.ttl == 64, "the gateway answers echo")
                #expect(try a.host.ping(b.address)?.ttl == 63)
                #expect(try b.host.ping(a.address)?.ttl == 63)
                #expect(try a.host.traceroute(b.address) == ["172.27.0.1", b.address])
                #expect(try a.host.traceroute("172.27.0.1") == ["172.27.0.1"])
            }
        }
    }
}
