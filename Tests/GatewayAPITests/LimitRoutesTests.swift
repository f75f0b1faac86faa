import GatewayDomain
import GatewayService
import HTTPTypes
import JSON
import NodeProtocol
import ServiceTestSupport
import Testing

@Suite("Limits over HTTP")
struct LimitRoutesTests {
    private static let all =
        #"{"rx_rate":1000000,"tx_rate":2000000,"connected_peers":50,"#
        + #""quota":{"bytes":1000000,"action":"throttle","throttle_rate":64000,"reset_day":15}}"#

    @Test("limits are answered as they were set, with what of the quota is used")
    func shape() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let path = "/v2/wireguard_interfaces/\(gateway)/limits"
            #expect(try await client.get(path).status == 404)
            #expect(try await client.delete(path).status == 404)
            let made = try await client.send(.put, path, Array(Self.all.utf8))
            #expect(made.status == 200)
            #expect(
                try made.data.names == [
                    "record_type", "subject_type", "subject_id", "subject_name", "organization_id",
                    "network_id",
                    "wireguard_interface_id", "rx_rate", "tx_rate", "quota", "connected_peers",
                    "quota_use", "created_at", "updated_at",
                ]
            )
            #expect(try made.data["subject_type"] == "wireguard_interface")
            #expect(try made.data["subject_id"]?.text == gateway)
            #expect(try made.data["quota"]?["throttle_rate"] == .integer(64_000))
            #expect(try made.data["quota_use"]?["used_bytes"] == .integer(0))
            #expect(try made.data["quota_use"]?["state"] == "within")
            #expect(try made.data["quota_use"]?["period_start"] == "2024-07-15T00:00:00.000000Z")
            #expect(try made.data["quota_use"]?["resets_at"] == "2024-08-15T00:00:00.000000Z")
            let shown = try await client.get(path)
            #expect(try shown.data == made.data)
            let tag = try #require(shown.headers[.eTag])
            let stale = try await client.send(
                .put,
                path,
                Array("{}".utf8),
                headers: [.ifMatch: #"W/"1-1""#]
            )
            #expect(stale.status == 412)
            let less = try await client.send(.put, path, Array("{}".utf8), headers: [.ifMatch: tag])
            #expect(less.status == 200)
            #expect(try less.data["rx_rate"] == .null && less.data["quota_use"] == .null)
            #expect(
                try await client.get(path).status == 404,
                "no limits are kept that limit nothing"
            )
            #expect(try await client.delete(path).status == 404)
            _ = try await client.send(.put, path, Array(Self.all.utf8))
            #expect(try await client.delete(path).status == 200)
            #expect(try await client.get(path).status == 404)
        }
    }

    @Test("a list of limits is narrowed by what is limited and by how much of a quota is used")
    func list() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: client.network())
            let peer = try await client.peer(of: gateway)
            for limited in ["wireguard_interfaces/\(gateway)", "wireguard_peers/\(peer)"] {
                let body = #"{"quota":{"bytes":1000000,"action":"block"}}"#
                _ = try await client.send(.put, "/v2/\(limited)/limits", Array(body.utf8))
            }
            let counts = UsageCounts(rxPackets: 1, rxBytes: 800_000)
            try await api.controlPlane.nodeFeed.report(peers: [
                PeerReport(
                    id: try #require(PeerID(peer)),
                    lastSeen: nil,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 0,
                    txBytesAdded: 0,
                    usageAdded: HourlyUsage([
                        .init(hour: UsageHour(of: api.clock.now()), kind: .internet, counts: counts)
                    ])
                )
            ])
            func found(_ query: String) async throws -> [String] {
                let list = try await client.get("/v2/limits?\(query)")
                #expect(list.status == 200)
                return try (0..<(list.data.count ?? 0)).compactMap {
                    try list.data[$0]?["subject_id"]?.text
                }
            }
            #expect(try await found("") == [gateway, peer])
            #expect(try await found("filter[subject_type]=wireguard_peer") == [peer])
            #expect(try await found("filter[state]=nearing").count == 2)
            #expect(try await found("filter[state]=used_up").isEmpty)
            let wrong = try await client.get("/v2/limits?filter[state]=full")
            #expect(wrong.status == 400 || wrong.status == 422)
        }
    }
}
