import GatewayAPI
import JSON
import Testing

@Suite("Ways out of a network")
struct EgressRoutesTests {
    @Test("a network has one default gateway, which every operation answers as a list")
    func defaultGateway() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let path = "/v2/networks/\(network)/default_gateway"
            let none = try await client.get(path)
            #expect(none.status == 200)
            #expect(try none.data.count == 0)
            #expect(try none.json["meta"]?["total_results"] == .integer(0))
            #expect(try await client.delete(path).status == 404)

            let made = try await client.post(path, #"{"wireguard_peer_id":"\#(peer)"}"#)
            #expect(made.status == 200)
            let row = try #require(try made.data[0])
            #expect(
                row.masking("id", "created_at", "updated_at") == [
                    "id": "*", "record_type": "default_gateway", "network_id": .string(network),
                    "wireguard_peer_id": .string(peer), "status": "provisioning", "created_at": "*",
                    "updated_at": "*", "status_reason": .null,
                ]
            )
            #expect(row["status_reason"] == .null)
            #expect(isUUID(row["id"]))
            #expect(try await client.get(path).text == made.text)
            #expect(try await client.post(path, "{}").problems == ["10012"])

            let deleted = try await client.delete(path)
            #expect(deleted.text == made.text)
            #expect(try await client.get(path).data.count == 0)
        }
    }

    @Test("a default gateway is a peer of its network, and is deleted with the peer")
    func defaultGatewayPeer() async throws {
        try await TestAPI.run { client in
            let (network, other) = (try await client.network(), try await client.network())
            let gateway = try await client.gateway(in: network)
            let stranger = try await client.peer(of: try await client.gateway(in: other))
            let path = "/v2/networks/\(network)/default_gateway"
            for id in [stranger, network, "x"] {
                let answer = try await client.post(path, #"{"wireguard_peer_id":"\#(id)"}"#)
                #expect(try answer.problems == ["10017 /wireguard_peer_id"])
            }
            let wrong = try await client.post(path, #"{"wireguard_peer_id":7}"#)
            #expect(try wrong.problems == ["10026 /wireguard_peer_id"])

            let peer = try await client.peer(of: gateway)
            _ = try await client.post(path, #"{"wireguard_peer_id":"\#(peer)"}"#)
            #expect(try await client.delete("/v2/wireguard_peers/\(peer)").status == 200)
            #expect(try await client.get(path).data.count == 0)

            let next = try await client.peer(of: gateway)
            _ = try await client.post(path, #"{"wireguard_peer_id":"\#(next)"}"#)
            #expect(try await client.delete("/v2/wireguard_interfaces/\(gateway)").status == 200)
            #expect(try await client.get(path).data.count == 0)
            #expect(try await client.post(path, "{}").status == 200, "no peer has to be named")
            #expect(try await client.delete("/v2/networks/\(network)").status == 200)
        }
    }

    @Test("an internet gateway is created, listed, shown and deleted")
    func internetGateway() async throws {
        try await TestAPI.run { client in
            let (network, other) = (try await client.network(), try await client.network())
            let made = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"ashburn-va","name":"way out"}"#
            )
            let id = try made.created(202)
            #expect(
                try made.data.masking("id", "created_at", "updated_at") == [
                    "id": "*", "record_type": "public_internet_gateway",
                    "network_id": .string(network), "region_code": "ashburn-va",
                    "name": "way out", "status": "provisioned", "public_ip": "198.51.100.7",
                    "region": [
                        "code": "ashburn-va", "name": "Ashburn VA, US", "record_type": "region",
                    ],
                    "created_at": "*", "updated_at": "*", "status_reason": .null,
                ]
            )
            let path = "/v2/public_internet_gateways"
            #expect(try await client.get("\(path)/\(id)").text == made.text)
            #expect(try await client.get("\(path)?filter[network_id]=\(network)").data.count == 1)
            #expect(try await client.get("\(path)?filter[network_id]=\(other)").data.count == 0)
            let again = try await client.post(
                path,
                #"{"network_id":"\#(network)","region_code":"ashburn-va"}"#
            )
            #expect(try again.problems == ["10012 /region_code"])
            let wrong = try await client.post(path, #"{"name":"","region_code":"mars"}"#)
            #expect(
                try wrong.problems == ["10004 /network_id", "10032 /region_code", "10025 /name"]
            )

            #expect(try await client.delete("/v2/networks/\(network)").problems == ["50000"])
            #expect(try await client.delete("\(path)/\(id)").data["status"] == "deleting")
            #expect(try await client.get("\(path)/\(id)").status == 404)
            #expect(try await client.delete("/v2/networks/\(network)").status == 200)
        }
    }

    @Test("a network's interfaces are its gateways of all kinds, in the order of their age")
    func interfaces() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let first = try await client.gateway(in: network, #","name":"one""#)
            let internetGateway = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"local","name":"two"}"#
            ).created(202)
            let last = try await client.gateway(in: network, #","name":"two""#)
            let path = "/v2/networks/\(network)/network_interfaces"
            func ids(_ query: String) async throws -> [String] {
                let data = try await client.get(path + query).data
                return (0..<(data.count ?? 0)).compactMap { data[$0]?["id"]?.text }
            }
            #expect(try await ids("") == [first, internetGateway, last])
            #expect(try await ids("?page[size]=1&page[number]=2") == [internetGateway])
            #expect(try await ids("?filter[type]=public_internet_gateway") == [internetGateway])
            #expect(try await ids("?filter[type]=wireguard_interface") == [first, last])
            #expect(try await ids("?filter[name]=two") == [internetGateway, last])
            #expect(try await ids("?filter[status]=provisioned") == [internetGateway])
            #expect(try await ids("?filter[status]=provisioning") == [first, last])
            let row = try await client.get(path + "?filter[type]=public_internet_gateway").data[0]
            #expect(row?["record_type"] == "network_interface")
            #expect(row?["region"]?["code"] == "local")
        }
    }

    @Test("a config is a full tunnel on request, where the network has an exit other than the peer")
    func fullTunnel() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let (peer, exit) = (
                try await client.peer(of: gateway), try await client.peer(of: gateway)
            )
            func allowed(_ peer: String, _ query: String) async throws -> Substring? {
                try await client.get("/v2/wireguard_peers/\(peer)/config" + query).text
                    .split(separator: "\n").first { $0.hasPrefix("AllowedIPs") }
            }
            let narrow = "AllowedIPs = 172.27.0.0/24"
            #expect(try await allowed(peer, "?full_tunnel=true").map(String.init) == narrow)
            _ = try await client.post(
                "/v2/networks/\(network)/default_gateway",
                #"{"wireguard_peer_id":"\#(exit)"}"#
            )
            let wide = narrow + ", 0.0.0.0/0"
            #expect(try await allowed(peer, "?full_tunnel=true").map(String.init) == wide)
            #expect(try await allowed(peer, "").map(String.init) == narrow)
            #expect(try await allowed(exit, "?full_tunnel=true").map(String.init) == narrow)
        }
    }

    @Test("coverage has the service for internet gateways only where the request asks for it")
    func coverage() async throws {
        try await TestAPI.run { client in
            let all = try await client.get("/v2/network_coverage")
            #expect(!all.text.contains("public_internet_gateway"))
            let asked = try await client.get(
                "/v2/network_coverage?filters[available_services][contains]=public_internet_gateway"
            )
            #expect(try asked.data.count == 2)
            #expect(
                try asked.data[0]?["available_services"]
                    == ["cloud_vpn", "public_internet_gateway"]
            )
        }
    }
}
