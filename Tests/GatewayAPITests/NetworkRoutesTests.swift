import GatewayAPI
import HTTPTypes
import JSON
import Testing

@Suite("Networks over HTTP")
struct NetworkRoutesTests {
    @Test("a network is created, shown, renamed and deleted over HTTP")
    func life() async throws {
        try await TestAPI.run { client in
            let made = try await client.post("/v2/networks", #"{"name":"  first  "}"#)
            #expect(made.status == 200)
            #expect(made.headers[.contentType] == "application/json; charset=utf-8")
            let network = try made.data
            #expect(isUUID(network["id"]))
            #expect(isTimestamp(network["created_at"]))
            #expect(network["created_at"] == network["updated_at"])
            #expect(
                network.masking("id", "created_at", "updated_at") == [
                    "id": "*", "record_type": "network", "name": "first", "created_at": "*",
                    "updated_at": "*", "address_block": "172.27.0.0/16",
                ]
            )
            #expect(try made.json.names == ["data"])

            let path = "/v2/networks/\(try made.created(200))"
            #expect(try await client.get(path).text == made.text)

            let renamed = try await client.patch(path, #"{"name":"second"}"#)
            #expect(renamed.status == 200)
            #expect(try renamed.data["name"] == "second")
            #expect(try renamed.data["updated_at"] != network["updated_at"])
            #expect(try renamed.data["created_at"] == network["created_at"])
            #expect(try await client.get(path).text == renamed.text)

            let deleted = try await client.delete(path)
            #expect(deleted.status == 200)
            #expect(deleted.text == renamed.text)
            #expect(try await client.get(path).status == 404)
            #expect(try await client.delete(path).status == 404)
        }
    }

    @Test("a network may be created with an address block of its own")
    func addressBlock() async throws {
        try await TestAPI.run { client in
            let made = try await client.post(
                "/v2/networks",
                #"{"name":"n","address_block":"10.9.0.0/20"}"#
            )
            #expect(try made.data["address_block"] == "10.9.0.0/20")
        }
    }

    @Test("a network with gateways is not deleted over HTTP")
    func inUse() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let refused = try await client.delete("/v2/networks/\(network)")
            #expect(refused.status == 422)
            #expect(
                try refused.json["errors"]?[0] == [
                    "code": "50000", "title": "VRF still deployed",
                    "detail":
                        "The network still has a gateway without a name. Delete what it has, then the network.",
                    "meta": ["url": "/docs/errors#50000"],
                ]
            )
            #expect(try await client.get("/v2/networks/\(network)").status == 200)
            _ = try await client.delete("/v2/wireguard_interfaces/\(gateway)")
            #expect(try await client.delete("/v2/networks/\(network)").status == 200)
        }
    }

    @Test("the list of networks comes in pages, oldest first")
    func pages() async throws {
        try await TestAPI.run { client in
            let empty = try await client.get("/v2/networks")
            #expect(
                empty.text
                    == #"{"data":[],"meta":{"page_number":1,"page_size":20,"total_pages":0,"total_results":0}}"#
            )
            for number in 1...5 {
                _ = try await client.network(#"{"name":"n\#(number)"}"#)
            }
            for path in ["page[number]=2&page[size]=2", "page%5Bnumber%5D=2&page%5Bsize%5D=2"] {
                let second = try await client.get("/v2/networks?\(path)")
                #expect(second.status == 200)
                #expect(
                    try second.json["meta"] == [
                        "page_number": .integer(2), "page_size": .integer(2),
                        "total_pages": .integer(3), "total_results": .integer(5),
                    ]
                )
                #expect(try second.data[0]?["name"] == "n3")
                #expect(try second.data[1]?["name"] == "n4")
                #expect(try second.data.count == 2)
            }
            let beyond = try await client.get("/v2/networks?page[number]=1000000")
            #expect(beyond.status == 200)
            #expect(try beyond.data.count == 0)
        }
    }

    @Test("filter[name] of networks finds equal names only")
    func nameFilter() async throws {
        try await TestAPI.run { client in
            for name in ["a b", "a", "a+b", "a b c"] {
                _ = try await client.network(#"{"name":"\#(name)"}"#)
            }
            for query in ["filter[name]=a+b", "filter%5Bname%5D=a%20b", "filters[name]=a+b"] {
                let found = try await client.get("/v2/networks?\(query)")
                #expect(try found.data.count == 1)
                #expect(try found.data[0]?["name"] == "a b")
                #expect(try found.json["meta"]?["total_results"] == .integer(1))
            }
            #expect(try await client.get("/v2/networks?filter[name]=").data.count == 0)
            #expect(try await client.get("/v2/networks?filter[colour]=red").data.count == 4)
            let bad = try await client.get("/v2/networks?filter[name]=%ff")
            #expect(bad.status == 422)
            #expect(try bad.problems == ["10031 filter[name]"])
        }
    }

    @Test("networks are found by a part of their name, and listed in the order of their names")
    func parts() async throws {
        try await TestAPI.run { client in
            for name in ["beta", "Alpha", "alphabet"] {
                _ = try await client.network(#"{"name":"\#(name)"}"#)
            }
            func names(_ query: String) async throws -> [String?] {
                let list = try await client.get("/v2/networks?filter[name][contains]=\(query)")
                guard case .array(let networks) = try list.data else { return [] }
                return networks.map { $0["name"]?.text }
            }
            #expect(try await names("ALPHA") == ["Alpha", "alphabet"])
            #expect(try await names("bet") == ["beta", "alphabet"])
            #expect(try await names("bet&sort=name") == ["alphabet", "beta"])
            #expect(try await names("a&sort=-name") == ["beta", "alphabet", "Alpha"])
            let bad = try await client.get("/v2/networks?sort=address_block")
            #expect(try bad.problems == ["10032 sort"])
        }
    }

    @Test("a network's interfaces are listed over HTTP")
    func interfaces() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let other = try await client.network()
            let gateway = try await client.gateway(in: network, #","name":"g""#)
            _ = try await client.gateway(in: network)
            _ = try await client.gateway(in: other)
            let path = "/v2/networks/\(network)/network_interfaces"
            let all = try await client.get(path)
            #expect(all.status == 200)
            #expect(try all.data.count == 2)
            #expect(try all.json["meta"]?["total_results"] == .integer(2))
            let row = try #require(try all.data[0])
            #expect(isTimestamp(row["created_at"]))
            #expect(
                row.masking("created_at", "updated_at") == [
                    "id": .string(gateway), "record_type": "network_interface",
                    "type": "wireguard_interface", "name": "g",
                    "network_id": .string(network), "status": "provisioning",
                    "region_code": "ashburn-va",
                    "region": [
                        "code": "ashburn-va", "name": "Ashburn VA, US", "record_type": "region",
                    ],
                    "created_at": "*", "updated_at": "*",
                ]
            )
            for (query, count) in [
                ("filter[name]=g", 1), ("filter[type]=wireguard_interface", 2),
                ("filter[type]=virtual_cross_connect", 0), ("filter[status]=provisioning", 2),
                ("filter[status]=provisioned", 0), ("page[size]=1", 1),
            ] {
                #expect(try await client.get("\(path)?\(query)").data.count == count, "\(query)")
            }
            let bad = try await client.get("\(path)?filter[status]=up")
            #expect(bad.status == 422)
            #expect(try bad.problems == ["10031 filter[status]"])
            #expect(
                try await client.get("/v2/networks/\(gateway)/network_interfaces").status == 404
            )
        }
    }
}
