import GatewayDomain
import JSON
import Testing

struct BackboneRoutesTests {
    @Test("links are listed by network and by gateway, and each is shown with its ends")
    func lists() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let (one, other) = (try await client.network(), try await client.network())
            let link = try await api.backboneLink(in: one, state: .detour)
            _ = try await api.backboneLink(in: other)
            #expect(try await client.get("/v2/backbone_links").data.count == 2)
            for filter in [
                "filter[network_id]=\(one)",
                "filter[wireguard_interface_id]=\(link.second.gatewayID)",
            ] {
                let list = try await client.get("/v2/backbone_links?\(filter)")
                #expect(try list.data.count == 1)
                #expect(try list.data[0]?["id"]?.text == "\(link.id)")
            }
            let shown = try await client.get("/v2/backbone_links/\(link.id)").data
            #expect(shown["record_type"] == "backbone_link")
            #expect(shown["state"] == "detour")
            #expect(shown["ends"]?.count == 2)
            #expect(shown["ends"]?[1]?["region_code"] == "far")
            #expect(shown["round_trip_us"] == .null)
            #expect(shown["lanes_count"] == .integer(2))
        }
    }

    @Test("metrics say which links between gateways are up")
    func metrics() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            let up = try await api.backboneLink(in: network)
            let down = try await api.backboneLink(in: network, state: .down)
            let text = try await client.get("/metrics").text
            for (link, value) in [(up, 1), (down, 0)] {
                let labels = "link=\"\(link.id)\",first_gateway=\"\(link.first.gatewayID)\""
                #expect(
                    text.contains(
                        "wgw_link_up{\(labels),second_gateway=\"\(link.second.gatewayID)\"} \(value)"
                    )
                )
            }
        }
    }

    @Test("links of networks that a key does not see are not there for it")
    func restriction() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let (own, other) = (try await client.network(), try await client.network())
            let seen = try await api.backboneLink(in: own)
            let hidden = try await api.backboneLink(in: other)
            let key = try await client.makeKey(role: "viewer", #","network_ids":["\#(own)"]"#)
            let holder = client.with(key: key)
            #expect(try await holder.get("/v2/backbone_links").data.count == 1)
            #expect(try await holder.get("/v2/backbone_links/\(seen.id)").status == 200)
            #expect(try await holder.get("/v2/backbone_links/\(hidden.id)").status == 404)
        }
    }
}
