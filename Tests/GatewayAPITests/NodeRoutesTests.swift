import GatewayDomain
import JSON
import NetAddress
import Testing

@testable import GatewayAPI

@Suite("Nodes over HTTP")
struct NodeRoutesTests {
    @Test("a node is created with a join token, and listed, shown, changed and deleted without one")
    func lifecycle() async throws {
        try await TestAPI.run { client in
            let made = try await client.post(
                "/v2/nodes",
                #"{"name":"edge","regions":["local"],"endpoint_address":"198.51.100.7","#
                    + #""port_range":"6000-6009","expires_in":600}"#
            )
            let id = try made.created(200)
            let shown = [
                "id", "created_at", "updated_at", "connection_changed_at", "join_token_expires_at",
                "join_token",
            ]
            var masked = try made.data
            for name in shown { masked = masked.masking(name) }
            #expect(
                masked == [
                    "id": "*", "record_type": "node", "name": "edge", "regions": ["local"],
                    "endpoint_address": "198.51.100.7", "port_range": "6000-6009",
                    "embedded": .bool(false), "state": "joining", "draining": .bool(false),
                    "connection_changed_at": "*", "last_seen_at": .null, "version": .null,
                    "revision": .null, "gateways_count": .integer(0), "load_percent": .null,
                    "second_session_refused_at": .null, "join_token": "*",
                    "join_token_expires_at": "*", "created_at": "*", "updated_at": "*",
                ]
            )
            let text = try #require(try made.data["join_token"]?.text)
            let token = try #require(JoinToken(text))
            #expect("\(token.nodeID)" == id && token.fingerprint == nil)
            #expect(token.serverURL.hasPrefix("http://"))

            let found = try await client.get("/v2/nodes/\(id)")
            #expect(try found.data["join_token"] == nil && !found.text.contains(token.secret))
            #expect(try await client.get("/v2/nodes").data.count == 2)
            #expect(try await client.get("/v2/nodes?filter[name]=edge").data.count == 1)
            let drained = try await client.patch("/v2/nodes/\(id)", #"{"draining":true}"#)
            #expect(
                try drained.data["draining"] == .bool(true) && drained.data["state"] == "joining"
            )
            let again = try await client.post("/v2/nodes/\(id)/join_token", "{}")
            #expect(try again.data["join_token"]?.text != text)
            #expect(try await client.delete("/v2/nodes/\(id)").data["id"]?.text == id)
            #expect(try await client.get("/v2/nodes/\(id)").status == 404)
        }
    }

    @Test("what is wrong with a node is told together, and names its members")
    func wrong() async throws {
        try await TestAPI.run { client in
            let wrong = try await client.post(
                "/v2/nodes",
                #"{"name":"","regions":["local","pluto","local"],"endpoint_address":"a b","#
                    + #""port_range":"9-1","expires_in":1}"#
            )
            #expect(
                try Set(wrong.problems) == [
                    "10025 /name", "10032 /regions/1", "10015 /regions/2",
                    "10015 /endpoint_address", "10015 /port_range", "10033 /expires_in",
                ]
            )
            _ = try await client.node("edge")
            let twice = try await client.post(
                "/v2/nodes",
                #"{"name":"edge","regions":["local"],"endpoint_address":"192.0.2.9"}"#
            )
            #expect(try twice.problems == ["10012 /name"])
            let embedded = try #require(
                try await client.get("/v2/nodes?filter[name]=embedded").data[0]?["id"]?.text
            )
            let refused = try await client.patch("/v2/nodes/\(embedded)", #"{"port_range":"1-2"}"#)
            #expect(try refused.problems == ["10021"])
            #expect(try await client.delete("/v2/nodes/\(embedded)").problems == ["10021"])
        }
    }

    @Test("a node without a free port is named, with what a gateway takes and how to give more")
    func fullNode() async throws {
        try await TestAPI.run(ports: 5000...5000) { client in
            let network = try await client.network()
            _ = try await client.gateway(in: network)
            let refused = try await client.post(
                "/v2/wireguard_interfaces",
                #"{"network_id":"\#(network)","region_code":"local"}"#
            )
            #expect(refused.status == 422)
            #expect(
                refused.text.contains(
                    "All UDP ports of node 'embedded' (5000) are taken. A gateway takes one port of its node, and 2 "
                        + "more for each gateway that its network has on another node. Delete a gateway, or let "
                        + "the operator start the server with a larger --port-range."
                ),
                "\(refused.text)"
            )
            var node = GatewayNode.other
            #expect(
                Problem.text(ofFull: [FullNode(node)]).hasSuffix(
                    "let an admin give the node more: wgw node update \(node.id) --port-range FIRST-LAST."
                )
            )
            #expect(
                Problem.text(ofFull: [])
                    == "All UDP ports that gateways could have there are taken. Delete a gateway, "
                    + "or let an admin of the server give its nodes more."
            )
            node.name = "second"
            #expect(
                Problem.text(ofFull: [FullNode(.other), FullNode(node)]).hasPrefix(
                    "All UDP ports of nodes 'edge' (6000-6009), 'second' (6000-6009) are taken."
                )
            )
        }
    }

    @Test(
        "a gateway says which node carries it, and an admin gives it to another one of its region"
    )
    func move() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: client.network())
            let path = "/v2/wireguard_interfaces/\(gateway)"
            let own = try #require(try await client.get(path).data["node_id"]?.text)
            #expect(try await client.get("/v2/nodes/\(own)").data["gateways_count"] == .integer(1))
            #expect(try await client.get("/v2/nodes/\(own)").data["state"] == "connected")
            let node = try await client.node("edge")
            let early = try await client.patch(path, #"{"node_id":"\#(node)"}"#)
            #expect(try early.problems == ["10015 /node_id"])
            #expect(early.text.contains("is a node of local, and not of ashburn-va"))
            let member = client.with(key: try await client.makeKey(role: "member"))
            #expect(try await member.patch(path, #"{"node_id":"\#(own)"}"#).status == 403)
            #expect(try await client.patch(path, #"{"node_id":"\#(own)"}"#).status == 200)
            #expect(try await client.delete("/v2/nodes/\(own)").problems == ["10021"])
        }
    }

    @Test(
        "a region is created, shown, changed and deleted by its code, and not offered without a node"
    )
    func regions() async throws {
        try await TestAPI.run { client in
            let made = try await client.post(
                "/v2/regions",
                #"{"code":"mars-1","name":"Mars","area":"EMEA","site":"MRS"}"#
            )
            #expect(made.status == 200)
            #expect(
                try made.data.masking("created_at", "updated_at") == [
                    "code": "mars-1", "name": "Mars", "record_type": "region",
                    "supported_interfaces": ["wireguard_interface"], "created_at": "*",
                    "updated_at": "*", "area": "EMEA", "site": "MRS",
                ]
            )
            #expect(try await client.get("/v2/regions").data.count == 2)
            #expect(try await client.get("/v2/regions?all=true").data.count == 3)
            let viewer = client.with(key: try await client.makeKey(role: "viewer"))
            #expect(try await viewer.get("/v2/regions?all=true").status == 403)
            #expect(try await viewer.get("/v2/regions/mars-1").text == made.text)
            let changed = try await client.patch("/v2/regions/mars-1", #"{"name":null,"pop":"M2"}"#)
            #expect(try changed.data["name"] == "mars-1" && changed.data["pop"] == "M2")
            #expect(try await client.delete("/v2/regions/mars-1").status == 200)
            #expect(try await client.get("/v2/regions/mars-1").status == 404)
            #expect(try await client.delete("/v2/regions/local").problems == ["10015"])
            #expect(
                try await client.post("/v2/regions", #"{"code":"A b","area":"MOON","pop":"ä"}"#)
                    .problems.sorted() == ["10015 /code", "10015 /pop", "10032 /area"]
            )
        }
    }
}

extension GatewayNode {
    fileprivate static let other = GatewayNode(
        id: .random(),
        name: "edge",
        regionCodes: ["local"],
        host: .address(.v4(IPv4Address(bits: 0xC633_6407))),
        ports: PortRange(6000...6009),
        presence: .connected,
        presenceSince: Timestamp(microseconds: 0),
        createdAt: Timestamp(microseconds: 0),
        updatedAt: Timestamp(microseconds: 0)
    )
}
