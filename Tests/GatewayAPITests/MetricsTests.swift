import GatewayDomain
import GatewayService
import HTTPTypes
import JSON
import NodeProtocol
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("metrics count requests by route, never by what a client made up")
    func requests() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            for _ in 0..<3 { _ = try await client.get("/v2/networks/\(network)") }
            _ = try await client.get("/v2/networks/made-up")
            _ = try await client.get("/v2/made-up")
            let brew = try #require(HTTPRequest.Method("BREW"))
            #expect(try await client.send(brew, "/made-up").status == 404)
            let answer = try await client.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(answer.text.split(separator: "\n").map(String.init))
            let show = #"method="GET",path="/v2/networks/{id}""#
            #expect(lines.contains("# TYPE wgw_api_requests_total counter"))
            #expect(lines.contains("wgw_api_requests_total{\(show),status=\"200\"} 3"))
            #expect(lines.contains("wgw_api_requests_total{\(show),status=\"404\"} 1"))
            #expect(lines.contains("wgw_api_request_duration_seconds_count{\(show)} 4"))
            let last = "wgw_api_request_duration_seconds_bucket{\(show),le=\"+Inf\"} 4"
            #expect(lines.contains(last))
            #expect(!answer.text.contains("made-up") && !answer.text.contains(network))
            #expect(!answer.text.contains("BREW"))
        }
    }

    @Test("metrics have traffic by gateway, and by peer only where the settings ask for it")
    func traffic() async throws {
        for showsPeers in [false, true] {
            let api = try await TestAPI()
            try await api.serve(showsPeers: showsPeers) { client in
                let gateway = try await client.gateway(in: try await client.network())
                let peer = try await client.peer(of: gateway)
                let report = PeerReport(
                    id: try #require(PeerID(peer)),
                    lastSeen: nil,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 7,
                    txBytesAdded: 8,
                    egressAdded: EgressBytes(left: 5, entered: 6)
                )
                for _ in 0..<2 { try await api.controlPlane.nodeFeed.report(peers: [report]) }
                let text = try await client.get("/metrics").text
                let lines = Set(text.split(separator: "\n").map(String.init))
                #expect(lines.contains("# TYPE wgw_gateway_rx_bytes_total counter"))
                #expect(lines.contains("wgw_gateway_rx_bytes_total{gateway=\"\(gateway)\"} 14"))
                #expect(lines.contains("wgw_gateway_tx_bytes_total{gateway=\"\(gateway)\"} 16"))
                #expect(lines.contains("wgw_gateway_peers{gateway=\"\(gateway)\"} 1"))
                let labels = "{gateway=\"\(gateway)\",peer=\"\(peer)\"}"
                #expect(lines.contains("wgw_peer_rx_bytes_total\(labels) 14") == showsPeers)
                for (direction, bytes) in [("left", 10), ("entered", 12)] {
                    let labels = labels.dropLast() + ",direction=\"\(direction)\"}"
                    let line = "wgw_peer_egress_bytes_total\(labels) \(bytes)"
                    #expect(lines.contains(line) == showsPeers)
                }
                #expect(text.contains(peer) == showsPeers)
            }
        }
    }

    @Test("metrics have each node: whether it is connected, what it carries and how far it is")
    func nodes() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            _ = try await client.gateway(in: try await client.network())
            let made = try await client.post(
                "/v2/nodes",
                #"{"name":"edge","regions":["local"],"endpoint_address":"198.51.100.7"}"#
            )
            let edge = try made.created(200)
            let text = try await client.get("/metrics").text
            let lines = Set(text.split(separator: "\n").map(String.init))
            #expect(lines.contains("# TYPE wgw_node_connected gauge"))
            let labels = "{node=\"\(edge)\",name=\"edge\"}"
            #expect(lines.contains("wgw_node_connected\(labels) 0"))
            #expect(lines.contains("wgw_node_gateways\(labels) 0"))
            #expect(text.contains(/wgw_node_connected{node="[^"]+",name="embedded"} 1\n/))
            #expect(text.contains(/wgw_node_gateways{node="[^"]+",name="embedded"} 1\n/))
            #expect(
                text.contains(/wgw_node_last_seen_timestamp_seconds{[^}]+name="embedded"} \d+\n/)
            )
        }
    }

    @Test("metrics are of all organizations, so they need an admin's API key")
    func access() async throws {
        try await TestAPI.run { client in
            let owner = client.with(key: try await client.makeKey(role: "owner"))
            #expect(try await client.with(key: nil).get("/metrics").status == 401)
            #expect(try await owner.get("/metrics").status == 403)
        }
    }
}
