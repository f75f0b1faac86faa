import JSON
import Testing

@Suite("Routes of a network over HTTP")
struct NetworkRouteTests {
    private func body(_ network: String, _ cidr: String, _ peer: String) -> String {
        #"{"network_id":"\#(network)","cidr":"\#(cidr)","#
            + #""next_hop":{"type":"wireguard_peer","id":"\#(peer)"}}"#
    }

    @Test("the table of a network has subnets, networks behind peers and ways out, with their hops")
    func table() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            _ = try await client.gateway(in: try await client.network())
            let made = try await client.post(
                "/v2/network_routes",
                body(network, "192.168.1.0/24", peer)
            )
            let id = try made.created(200)
            let exit = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"local"}"#
            ).created(202)
            _ = try await client.post(
                "/v2/networks/\(network)/default_gateway",
                #"{"wireguard_peer_id":"\#(peer)"}"#
            )
            #expect(
                try made.data.masking("created_at", "updated_at") == [
                    "id": .string(id), "record_type": "network_route",
                    "network_id": .string(network), "cidr": "192.168.1.0/24",
                    "next_hop": ["type": "wireguard_peer", "id": .string(peer)],
                    "origin": "static", "status": "inactive", "created_at": "*", "updated_at": "*",
                ]
            )
            let list = try await client.get("/v2/network_routes?filter[network_id]=\(network)").data
            let rows = (0..<(list.count ?? 0)).compactMap { list[$0] }.map { row in
                "\(row["cidr"]?.text ?? "") \(row["next_hop"]?["type"]?.text ?? "") "
                    + "\(row["next_hop"]?["id"]?.text ?? "") \(row["origin"]?.text ?? "")"
            }
            #expect(
                rows == [
                    "172.27.0.0/24 wireguard_interface \(gateway) attachment",
                    "192.168.1.0/24 wireguard_peer \(peer) static",
                    "0.0.0.0/0 public_internet_gateway \(exit) attachment",
                    "0.0.0.0/0 wireguard_peer \(peer) attachment",
                ]
            )
            #expect(try await client.get("/v2/network_routes/\(id)").text == made.text)
            #expect(
                try await client.get("/v2/network_routes/\(gateway)").data["cidr"]
                    == "172.27.0.0/24"
            )
            #expect(try await client.delete("/v2/network_routes/\(gateway)").problems == ["10021"])
            #expect(try await client.delete("/v2/network_routes/\(exit)").problems == ["10021"])
        }
    }

    @Test("a static route is a network behind its peer, whichever of the two is asked and changed")
    func behindPeer() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let other = try await client.peer(of: gateway)
            let path = "/v2/wireguard_peers/\(peer)"
            let id = try await client.post(
                "/v2/network_routes",
                body(network, "192.168.1.0/24", peer)
            )
            .created(200)
            #expect(try await client.get(path).data["allowed_ips"] == ["192.168.1.0/24"])
            let config = try await client.get("/v2/wireguard_peers/\(other)/config").text
            #expect(config.contains("AllowedIPs = 172.27.0.0/24, 192.168.1.0/24\n"))
            _ = try await client.patch(path, #"{"allowed_ips":["192.168.1.0/24","10.8.0.0/16"]}"#)
            #expect(
                try await client.get("/v2/network_routes/\(id)").status == 200,
                "it keeps its id"
            )
            #expect(try await client.get("/v2/network_routes").data.count == 3)
            #expect(try await client.delete("/v2/network_routes/\(id)").data["id"] == .string(id))
            #expect(try await client.get(path).data["allowed_ips"] == ["10.8.0.0/16"])
            #expect(try await client.get("/v2/network_routes/\(id)").status == 404)
        }
    }

    @Test(
        "a route that a network cannot have is refused with the reason",
        arguments: [
            ("0.0.0.0/0", "10015"), ("0.1.0.0/16", "10015"), ("127.0.0.0/8", "10015"),
            ("169.254.1.0/24", "10015"), ("224.0.0.0/4", "10015"), ("100.64.0.0/16", "10015"),
            ("172.27.254.0/24", "10015"), ("198.18.0.0/24", "10015"), ("192.168.1.1/24", "10015"),
            ("2001:db8::/32", "10015"), ("172.27.0.128/25", "10012"), ("172.16.0.0/12", "10015"),
            ("192.168.1.0/24", "10012"), ("192.168.0.0/16", "10012"), ("10.9.0.0/24", "10012"),
        ]
    )
    func refused(cidr: String, code: String) async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            _ = try await client.peer(of: gateway, #","allowed_ips":["10.9.0.0/16"]"#)
            _ = try await client.post("/v2/network_routes", body(network, "192.168.1.0/24", peer))
            let count = try await client.events().count
            let answer = try await client.post("/v2/network_routes", body(network, cidr, peer))
            #expect(try answer.problems == ["\(code) /cidr"], "\(answer.text)")
            #expect(try await client.events().count == count)
        }
    }

    @Test("a next hop that is no peer of the network is refused where it stands")
    func nextHop() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let stranger = try await client.peer(of: client.gateway(in: client.network()))
            for id in [gateway, stranger, "x"] {
                let answer = try await client.post(
                    "/v2/network_routes",
                    body(network, "10.0.0.0/8", id)
                )
                #expect(try answer.problems == ["10017 /next_hop/id"])
            }
            let tunnel = try await client.post(
                "/v2/network_routes",
                #"{"network_id":"\#(network)","cidr":"10.0.0.0/8","next_hop":{"type":"tunnel"}}"#
            )
            #expect(try tunnel.problems == ["10032 /next_hop/type", "10004 /next_hop/id"])
        }
    }
}
