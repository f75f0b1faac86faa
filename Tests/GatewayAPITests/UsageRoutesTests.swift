import GatewayDomain
import GatewayService
import HTTPTypes
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

@Suite("Usage and costs over HTTP")
struct UsageRoutesTests {
    /// A gateway and a peer whose names a spreadsheet would run, and what the peer used.
    private func serve(
        _ body:
            @Sendable (TestAPI, TestClient, _ gateway: String, _ peer: String) async throws -> Void
    ) async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: client.network(), #","name":"=1+1""#)
            let peer = try await client.peer(of: gateway, #","name":"@SUM(A1)""#)
            let counts = UsageCounts(rxPackets: 1, rxBytes: 20, txPackets: 3, txBytes: 40)
            let usage = HourlyUsage([
                .init(hour: UsageHour(of: api.clock.now()), kind: .services, counts: counts)
            ])
            try await api.controlPlane.nodeFeed.report(peers: [
                PeerReport(
                    id: try #require(PeerID(peer)),
                    lastSeen: nil,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 0,
                    txBytesAdded: 0,
                    usageAdded: usage
                )
            ])
            try await body(api, client, gateway, peer)
        }
    }

    @Test("usage is told apart as the request says, and is one sum otherwise")
    func list() async throws {
        try await serve { api, client, gateway, peer in
            let now = UsageHour(of: api.clock.now())
            let one = try await client.get("/v2/usage")
            #expect(one.status == 200)
            let sum = try #require(try one.data[0])
            #expect(sum["since"] == .string("\(CalendarMonth(of: api.clock.now()).start)"))
            #expect(sum["until"] == .string("\(now.advanced(by: 1).start)"))
            #expect(
                sum["rx_bytes"] == .integer(20) && sum["tx_bytes"] == .integer(40)
                    && sum["peer_id"] == .null
            )
            let told = try await client.get(
                "/v2/usage?group_by=peer,kind,hour&filter[peer_id]=\(peer)"
            )
            let row = try #require(try told.data[0])
            #expect(row["peer_name"] == "@SUM(A1)" && row["kind"] == "services")
            #expect(row["wireguard_interface_id"] == .string("\(gateway)"))
            #expect(row["since"] == .string("\(now.start)"))
            let none = try await client.get(
                "/v2/usage?group_by=peer&to=2001-01-01T00:00:00Z&from=2000-01-01T00:00:00Z"
            )
            #expect(try none.data == [])
            let other = "/v2/usage?filter[wireguard_interface_id]=\(GatewayID.random())"
            #expect(try await client.get(other).status == 404)
        }
    }

    @Test(
        "what usage cannot be told apart by, and a time that is none, is refused with its parameter",
        arguments: [
            ("group_by=week", "group_by"), ("group_by=hour,day", "group_by"),
            ("group_by=", "group_by"), ("group_by=peer,,kind", "group_by"),
            ("from=yesterday", "from"), ("from=2026-01-01T00:00:00Z&to=2026-01-01T00:59:00Z", "to"),
            ("filter[peer_id]=1", "filter[peer_id]"), ("to=9999999-01-01T00:00:00Z", "to"),
        ]
    )
    func refused(query: String, parameter: String) async throws {
        try await TestAPI.run { client in
            for path in ["/v2/usage?", "/v2/usage.csv?"] {
                let answer = try await client.get(path + query)
                #expect(answer.status == 422 || answer.status == 400)
                let named = try answer.problems.map {
                    $0.split(separator: " ").last.map(String.init)
                }
                #expect(named == [parameter])
            }
        }
    }

    @Test("usage of objects that do not belong to each other is refused, with their parameters")
    func misplaced() async throws {
        try await serve { _, client, gateway, peer in
            let network = try await client.network()
            let other = try await client.gateway(in: network)
            let (ofNetwork, ofGateway, ofPeer) = (
                "filter[network_id]", "filter[wireguard_interface_id]", "filter[peer_id]"
            )
            for (part, whole) in [
                ((ofPeer, peer), (ofGateway, other)), ((ofGateway, gateway), (ofNetwork, network)),
                ((ofPeer, peer), (ofNetwork, network)),
            ] {
                for path in ["/v2/usage", "/v2/usage.csv"] {
                    let query = "\(part.0)=\(part.1)&\(whole.0)=\(whole.1)"
                    let answer = try await client.get("\(path)?\(query)")
                    #expect(answer.status == 422)
                    let named = try answer.problems.map {
                        $0.split(separator: " ").last.map(String.init)
                    }
                    #expect(named == [part.0, whole.0])
                }
            }
            let query = "\(ofPeer)=\(peer)&\(ofGateway)=\(gateway)"
            #expect(try await client.get("/v2/usage?\(query)").status == 200)
            let none = "\(ofPeer)=\(peer)&\(ofGateway)=\(GatewayID.random())"
            #expect(try await client.get("/v2/usage?\(none)").status == 404)
        }
    }

    @Test("the table of usage has the members of its sums, and no cell that a spreadsheet runs")
    func table() async throws {
        try await serve { _, client, gateway, peer in
            let answer = try await client.get("/v2/usage.csv?group_by=peer,kind")
            #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            let lines = answer.text.split(separator: "\r\n").map(String.init)
            #expect(
                lines.first
                    == "since,until,organization_id,network_id,wireguard_interface_id,"
                    + "wireguard_interface_name,peer_id,peer_name,kind,rx_packets,rx_bytes,tx_packets,tx_bytes"
            )
            #expect(lines.count == 2)
            #expect(lines[1].hasSuffix(",\(gateway),'=1+1,\(peer),'@SUM(A1),services,1,20,3,40"))
        }
    }
}
