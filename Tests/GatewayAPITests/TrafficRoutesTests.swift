import GatewayDomain
import GatewayService
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

@Suite("The history of traffic over HTTP")
struct TrafficRoutesTests {
    @Test("a gateway's history has a column for each figure, with a number for each step")
    func gateway() async throws {
        try await serve { api, client, gateway, peer in
            let path = "/v2/wireguard_interfaces/\(gateway)/traffic"
            let started = try await client.get(path)
            #expect(started.status == 200)
            #expect(try started.data["rx_bytes"] == [])
            // To the beginning of a step, so that what follows is in one.
            api.clock.advance(seconds: 10)
            try api.carry(gateway, peer)
            api.clock.advance(seconds: 20)
            let history = try await client.get("\(path)?since=20s").data
            #expect(
                history.names == [
                    "record_type", "known_since", "since", "until", "step", "rx_bytes", "tx_bytes",
                    "rx_packets", "tx_packets", "handshakes", "drops",
                ]
            )
            #expect(history["record_type"] == "traffic_history")
            #expect(history["step"] == .integer(10))
            #expect(history["rx_bytes"] == [.integer(600), .integer(0)])
            #expect(history["tx_bytes"] == [.integer(50), .integer(0)])
            #expect(history["rx_packets"] == [.integer(4), .integer(0)])
            #expect(history["tx_packets"] == [.integer(3), .integer(0)])
            #expect(history["handshakes"] == [.integer(1), .integer(0)])
            #expect(
                history["drops"] == [
                    ["reason": "no_route", "counts": [.integer(7), .integer(0)]]
                ]
            )
            #expect(isTimestamp(history["since"]))
            #expect(isTimestamp(history["until"]))
            api.clock.advance(seconds: 60)
            let merged = try await client.get("\(path)?step=30").data
            guard case .array(let sums)? = merged["rx_bytes"] else { return }
            #expect(sums.contains(.integer(600)))
            #expect(merged["step"] == .integer(30))
        }
    }

    @Test("a gateway shows what it carries in a second, and how many of its peers are connected")
    func figures() async throws {
        try await serve { api, client, gateway, peer in
            try api.carry(gateway, peer)
            let id = try #require(PeerID(peer))
            try await api.controlPlane.nodeFeed.report(peers: [
                PeerReport(
                    id: id,
                    lastSeen: api.clock.now(),
                    latestHandshakeAt: api.clock.now(),
                    endpoint: nil,
                    rxBytesAdded: 1,
                    txBytesAdded: 1
                )
            ])
            api.clock.advance(seconds: 10)
            let list = try await client.get("/v2/wireguard_interfaces").data
            let shown = try await client.get("/v2/wireguard_interfaces/\(gateway)").data
            for object in [list[0], shown] {
                #expect(object?["connected_peers_count"] == .integer(1))
                #expect(object?["rx_bytes_per_second"] == .integer(60))
                #expect(object?["tx_bytes_per_second"] == .integer(5))
                #expect(object?["free_addresses_count"] == .integer(252))
            }
            api.clock.advance(seconds: PeerConnection.sessionSeconds)
            let later = try await client.get("/v2/wireguard_interfaces/\(gateway)").data
            #expect(later["connected_peers_count"] == .integer(0))
            #expect(later["rx_bytes_per_second"] == .integer(0))
        }
    }

    @Test("a peer's history begins with the first request for it, and ends an hour after the last")
    func peer() async throws {
        try await serve { api, client, gateway, peer in
            let path = "/v2/wireguard_peers/\(peer)/traffic"
            api.clock.advance(seconds: 10)
            try api.carry(gateway, peer)
            let first = try await client.get(path).data
            #expect(first["rx_bytes"] == [])
            api.clock.advance(seconds: 10)
            try api.carry(gateway, peer)
            api.clock.advance(seconds: 10)
            let second = try await client.get(path).data
            #expect(second["known_since"] == first["known_since"])
            #expect(second["rx_bytes"] == [.integer(600)])
            #expect(second["drops"] == [])
            api.clock.advance(seconds: 3600)
            try api.carry(gateway, peer)
            let third = try await client.get(path).data
            #expect(third["known_since"] != first["known_since"])
            #expect(third["rx_bytes"] == [])
        }
    }

    @Test("a history that a request spells wrongly is refused by the parameter")
    func refusal() async throws {
        try await serve { _, client, gateway, peer in
            for path in [
                "/v2/wireguard_interfaces/\(gateway)/traffic",
                "/v2/wireguard_peers/\(peer)/traffic",
            ] {
                for step in ["0", "5", "15", "-10", "3610", "ten", "", "%ff"] {
                    let answer = try await client.get("\(path)?step=\(step)")
                    #expect(try answer.problems == ["10026 step"], "\(step)")
                }
                for since in ["yesterday", "5", "h", "-1h", "1d", "1.5h", "9999999s", "", "%ff"] {
                    let answer = try await client.get("\(path)?since=\(since)")
                    #expect(try answer.problems == ["10026 since"], "\(since)")
                }
                let since = "2024-08-07T00:00:00Z"
                for query in ["since=\(since)&step=60", "since=90s", "since=15m", "since=999999h"] {
                    #expect(try await client.get("\(path)?\(query)").status == 200, "\(query)")
                }
            }
        }
    }

    @Test("the history of an object that the key may not see, or that is deleted, is not found")
    func hidden() async throws {
        try await serve { _, client, gateway, peer in
            let paths = [
                "/v2/wireguard_interfaces/\(gateway)/traffic",
                "/v2/wireguard_peers/\(peer)/traffic",
            ]
            let stranger = try await client.network()
            let key = try await client.makeKey(
                role: "viewer",
                #","network_ids":["\#(stranger)"]"#
            )
            for path in paths {
                #expect(try await client.with(key: key).get(path).status == 404)
                #expect(try await client.get(path).status == 200)
            }
            #expect(try await client.delete("/v2/wireguard_interfaces/\(gateway)").status == 200)
            for path in paths { #expect(try await client.get(path).status == 404) }
        }
    }

    private func serve(
        _ test: @Sendable (TestAPI, TestClient, String, String) async throws -> Void
    ) async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            // Early in a step, because the clock goes on with each look.
            let now = api.clock.now().microseconds / 1_000_000
            api.clock.advance(seconds: 11 - now % 10)
            try await test(api, client, gateway, peer)
        }
    }
}

extension TestAPI {
    /// As a node reports it.
    fileprivate func carry(_ gateway: String, _ peer: String) throws {
        let gateway = try #require(GatewayID(gateway))
        var report = TrafficReport()
        report.peers = [
            .init(
                id: try #require(PeerID(peer)),
                gatewayID: gateway,
                counts: TrafficCounts(
                    rxBytes: 600,
                    txBytes: 50,
                    rxPackets: 4,
                    txPackets: 3,
                    handshakes: 1
                )
            )
        ]
        report.drops[gateway] = ["no_route": 7]
        controlPlane.nodeFeed.report(traffic: report)
    }
}
