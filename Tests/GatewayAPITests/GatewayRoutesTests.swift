import GatewayAPI
import HTTPTypes
import JSON
import Testing

@Suite("Gateways over HTTP")
struct GatewayRoutesTests {
    @Test("a gateway is created over HTTP complete but for its provisioning")
    func creation() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let made = try await client.post(
                "/v2/wireguard_interfaces",
                #"{"network_id":"\#(network)","region_code":"ashburn-va","name":"hub","unknown":[1]}"#
            )
            #expect(made.status == 202)
            let gateway = try made.data
            #expect(isUUID(gateway["id"]))
            #expect(isKey(gateway["public_key"]))
            #expect(isTimestamp(gateway["created_at"]))
            #expect(isTimestamp(gateway["updated_at"]))
            #expect(
                gateway.masking("id", "public_key", "created_at", "updated_at", "node_id") == [
                    "id": "*", "record_type": "cloud_vpn", "network_id": .string(network),
                    "region_code": "ashburn-va", "name": "hub", "enable_sip_trunking": .bool(false),
                    "status": "provisioning", "public_key": "*", "endpoint": "198.51.100.7:5000",
                    "server_ip_address": "172.27.0.1/24",
                    "region": [
                        "code": "ashburn-va", "name": "Ashburn VA, US", "record_type": "region",
                    ],
                    "created_at": "*", "updated_at": "*", "node_id": "*", "subnet": "172.27.0.0/24",
                    "mtu": .integer(1420), "services": .null, "egress_range": .null,
                    "persistent_keepalive": .null,
                    "status_reason": .null,
                    "peers_count": .integer(0), "latest_handshake_at": .null,
                    "rx_bytes": .integer(0), "tx_bytes": .integer(0),
                    "egress_rx_bytes": .integer(0), "egress_tx_bytes": .integer(0),
                    "free_addresses_count": .integer(253),
                ]
            )
            let shown = try await client.get("/v2/wireguard_interfaces/\(try made.created(202))")
            #expect(shown.status == 200)
            // What is about a moment stands behind the object as it is stored.
            let figures = ["connected_peers_count", "rx_bytes_per_second", "tx_bytes_per_second"]
            #expect(try shown.data.names == gateway.names + figures)
            for name in gateway.names { #expect(try shown.data[name] == gateway[name]) }
            for name in figures { #expect(try shown.data[name] == .integer(0)) }
        }
    }

    @Test("every optional member of a new gateway is accepted, and null is like absence")
    func options() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let path = "/v2/wireguard_interfaces"
            let given = try await client.post(
                path,
                #"{"network_id":"\#(network)","region_code":"local","name":null,"enable_sip_trunking":true,"#
                    + #""subnet":"172.27.9.0/28","mtu":1380,"persistent_keepalive":0}"#
            ).data
            #expect(given["name"] == .null)
            #expect(given["enable_sip_trunking"] == .bool(true))
            #expect(given["server_ip_address"] == "172.27.9.1/28")
            #expect(given["mtu"] == .integer(1380))
            #expect(given["persistent_keepalive"] == .integer(0))
            #expect(given["region"]?["name"] == "Our cellar")
            let sized = try await client.post(
                path,
                #"{"network_id":"\#(network)","region_code":"local","subnet_prefix_length":26}"#
            ).data
            #expect(sized["subnet"] == "172.27.0.0/26")
        }
    }

    @Test("the list of gateways over HTTP shows those of one network or of all")
    func list() async throws {
        try await TestAPI.run { client in
            let first = try await client.network()
            let second = try await client.network()
            let one = try await client.gateway(in: first)
            let two = try await client.gateway(in: second)
            let path = "/v2/wireguard_interfaces"
            let all = try await client.get(path).data
            #expect([all[0]?["id"], all[1]?["id"]] == [.string(one), .string(two)])
            for query in ["filter[network_id]=\(second)", "filter%5Bnetwork_id%5D=\(second)"] {
                let some = try await client.get("\(path)?\(query)")
                #expect(try some.data.count == 1)
                #expect(try some.data[0]?["id"] == .string(two))
            }
            #expect(try await client.get("\(path)?filter[network_id]=\(one)").data.count == 0)
            let bad = try await client.get("\(path)?filter[network_id]=mine")
            #expect(bad.status == 422)
            #expect(
                try bad.json["errors"]?[0] == [
                    "code": "10031", "title": "Invalid request filter",
                    "detail": "'filter[network_id]' must be a UUID.",
                    "source": ["parameter": "filter[network_id]"],
                    "meta": ["url": "/docs/errors#10031"],
                ]
            )
        }
    }

    @Test("gateways are found by a part of their name and by their state, and listed in an order")
    func filters() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            for name in ["b%", "a", "AB"] {
                _ = try await client.gateway(in: network, #","name":"\#(name)""#)
            }
            func names(_ query: String) async throws -> [String?] {
                let list = try await client.get("/v2/wireguard_interfaces?\(query)")
                guard case .array(let gateways) = try list.data else { return [] }
                #expect(
                    try list.json["meta"]?["total_results"] == .integer(gateways.count)
                )
                return gateways.map { $0["name"]?.text }
            }
            #expect(try await names("filter[name][contains]=B") == ["b%", "AB"])
            #expect(try await names("filter[name][contains]=%25") == ["b%"])
            #expect(try await names("filter[status]=provisioning") == ["b%", "a", "AB"])
            #expect(try await names("filter[status]=provisioned") == [])
            #expect(try await names("sort=name") == ["a", "AB", "b%"])
            #expect(try await names("sort=-name") == ["b%", "AB", "a"])
            #expect(try await names("sort=-created_at") == ["AB", "a", "b%"])
            for member in ["peers_count", "rx_bytes", "tx_bytes"] {
                #expect(try await names("sort=\(member)") == ["b%", "a", "AB"])
            }
            for (query, problem) in [
                ("filter[status]=up", "10031 filter[status]"), ("sort=address", "10032 sort"),
            ] {
                let answer = try await client.get("/v2/wireguard_interfaces?\(query)")
                #expect(try answer.problems == [problem])
            }
        }
    }

    @Test("a gateway deleted over HTTP takes its peers with it")
    func deletion() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: try await client.network())
            let peer = try await client.peer(of: gateway)
            #expect(
                try await client.get("/v2/wireguard_interfaces/\(gateway)").data["peers_count"]
                    == .integer(1)
            )
            let deleted = try await client.delete("/v2/wireguard_interfaces/\(gateway)")
            #expect(deleted.status == 200)
            #expect(try deleted.data["status"] == "deleting")
            #expect(try deleted.data["id"] == .string(gateway))
            #expect(try await client.get("/v2/wireguard_interfaces/\(gateway)").status == 404)
            #expect(try await client.get("/v2/wireguard_peers/\(peer)").status == 404)
            #expect(try await client.get("/v2/wireguard_peers/\(peer)/config").status == 404)
            #expect(try await client.delete("/v2/wireguard_interfaces/\(gateway)").status == 404)
        }
    }

    @Test("a gateway without a free port, a free subnet or a known region is refused over HTTP")
    func exhaustion() async throws {
        try await TestAPI.run(ports: 5000...5001) { client in
            let network = try await client.network(#"{"name":"n","address_block":"10.0.0.0/24"}"#)
            _ = try await client.gateway(in: network)
            let body = #"{"network_id":"\#(network)","region_code":"local"}"#
            let noBlock = try await client.post("/v2/wireguard_interfaces", body)
            #expect(noBlock.status == 422)
            #expect(try noBlock.problems == ["10039"])
            let other = try await client.network()
            _ = try await client.gateway(in: other)
            let noPort = try await client.post(
                "/v2/wireguard_interfaces",
                #"{"network_id":"\#(other)","region_code":"local"}"#
            )
            #expect(noPort.status == 422)
            #expect(try noPort.problems == ["10039"])
        }
    }

    @Test(
        "a change over HTTP sets the name, the MTU and the keepalive of a gateway, and nothing else"
    )
    func change() async throws {
        try await TestAPI.run { client in
            let path = "/v2/wireguard_interfaces/\(try await client.gateway(in: client.network()))"
            let made = try await client.get(path).data
            let body =
                #"{"name":" entry ","mtu":1380,"persistent_keepalive":0,"subnet":"10.0.0.0/8"}"#
            let changed = try await client.patch(path, body)
            #expect(changed.status == 200)
            #expect(try changed.data["name"] == "entry")
            #expect(try changed.data["mtu"] == .integer(1380))
            #expect(try changed.data["persistent_keepalive"] == .integer(0))
            #expect(try changed.data["subnet"] == made["subnet"])
            let shown = try await client.get(path).data
            for name in try changed.data.names { #expect(shown[name] == (try changed.data[name])) }

            let again = try await client.patch(path, body)
            #expect(
                again.text == changed.text,
                "a change that changes nothing leaves the entity tag"
            )
            let back = try await client.patch(
                path,
                #"{"name":null,"mtu":null,"persistent_keepalive":null}"#
            ).data
            for member in ["name", "mtu", "persistent_keepalive"] {
                #expect(back[member] == made[member], "\(member)")
            }
        }
    }

    @Test("a change of a gateway with wrong values names each of them and changes nothing")
    func wrongChange() async throws {
        try await TestAPI.run { client in
            let path = "/v2/wireguard_interfaces/\(try await client.gateway(in: client.network()))"
            let before = try await client.get(path).text
            let answer = try await client.patch(
                path,
                #"{"name":"","mtu":1279,"persistent_keepalive":65536}"#
            )
            #expect(answer.status == 422)
            #expect(
                try answer.problems == ["10025 /name", "10033 /mtu", "10033 /persistent_keepalive"]
            )
            #expect(try await client.get(path).text == before)
            let outdated = try await client.send(
                .patch,
                path,
                Array(#"{"name":"x"}"#.utf8),
                headers: [.ifMatch: "\"1-2\""]
            )
            #expect(outdated.status == 412)
            #expect(try await client.get(path).text == before)
        }
    }

    @Test("PUT and POST of a gateway are refused as methods")
    func noReplacement() async throws {
        try await TestAPI.run { client in
            let path = "/v2/wireguard_interfaces/\(try await client.gateway(in: client.network()))"
            for method in [.put, .post] as [TestMethod] {
                let answer = try await client.send(method, path, Array("{}".utf8))
                #expect(answer.status == 405)
                #expect(answer.headers[.allow] == "DELETE, GET, HEAD, OPTIONS, PATCH")
                #expect(try answer.problems == ["10030"])
            }
        }
    }
}
