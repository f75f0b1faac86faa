import GatewayAPI
import HTTPTypes
import JSON
import Testing

@Suite("What a key may do")
struct AccessTests {
    /// A request and the least role that it takes.
    struct Demand: CustomTestStringConvertible {
        let method: TestMethod
        let path: String
        let body: String?
        let role: String

        var testDescription: String { "\(method) \(path) takes \(role)" }
    }

    private static let roles = ["viewer", "member", "owner", "admin"]

    private static func demands(
        network: String,
        gateway: String,
        peer: String
    ) -> [Demand] {
        let rows: [(TestMethod, String, String?, String)] = [
            (.get, "networks", nil, "viewer"),
            (.get, "networks/\(network)/network_interfaces", nil, "viewer"),
            (.get, "wireguard_interfaces/\(gateway)", nil, "viewer"),
            (.get, "wireguard_peers/\(peer)/config", nil, "viewer"),
            (.get, "regions", nil, "viewer"),
            (.post, "networks", #"{"name":"n"}"#, "member"),
            (.patch, "networks/\(network)", #"{"name":"n"}"#, "member"),
            (
                .post, "wireguard_interfaces",
                #"{"network_id":"\#(network)","region_code":"local"}"#, "member"
            ),
            (.post, "wireguard_peers", #"{"wireguard_interface_id":"\#(gateway)"}"#, "member"),
            (.patch, "wireguard_peers/\(peer)", #"{"name":"p"}"#, "member"),
            (.post, "networks/\(network)/default_gateway", "{}", "member"),
            (.delete, "networks/\(network)/default_gateway", nil, "member"),
            (
                .post, "public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"local"}"#, "member"
            ),
            (.delete, "wireguard_peers/\(peer)", nil, "member"),
            (.delete, "wireguard_interfaces/\(gateway)", nil, "member"),
            (.delete, "networks/\(network)", nil, "member"),
            (.get, "api_keys", nil, "owner"),
            (.post, "api_keys", #"{"name":"k","role":"viewer"}"#, "owner"),
            (.get, "organizations", nil, "admin"),
            (.post, "organizations", #"{"name":"o"}"#, "admin"),
        ]
        return rows.map { Demand(method: $0.0, path: $0.1, body: $0.2, role: $0.3) }
    }

    @Test("an API key may do what its role says, and no more", arguments: AccessTests.roles)
    func obeys(role: String) async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let holder = client.with(key: try await client.makeKey(role: role))
            let rank = try #require(Self.roles.firstIndex(of: role))
            for demand in Self.demands(network: network, gateway: gateway, peer: peer) {
                let needed = try #require(Self.roles.firstIndex(of: demand.role))
                let before = try await client.everything()
                let body = demand.body.map { Array($0.utf8) }
                let answer = try await holder.send(demand.method, "/v2/" + demand.path, body)
                if rank >= needed {
                    // The network still has the gateway of the row before.
                    let isAllowed = answer.status < 300 || demand.path == "networks/\(network)"
                    #expect(isAllowed, "\(demand.testDescription): \(answer.text)")
                } else {
                    #expect(answer.status == 403, "\(demand.testDescription)")
                    #expect(try answer.problems == ["10010"])
                    #expect(answer.text.contains("'\(role)'") && answer.text.contains(demand.role))
                    #expect(try await client.everything() == before)
                }
            }
        }
    }

    @Test("an API key's text is shown once and in no list, and a revoked key does not authenticate")
    func lifecycle() async throws {
        try await TestAPI.run { client in
            let made = try await client.post(
                "/v2/api_keys",
                #"{"name":" ci ","role":"member","expires_at":"2099-01-31T00:00:00Z"}"#
            )
            let id = try made.created(200)
            let text = try #require(try made.data["api_key"]?.text)
            #expect(text.hasPrefix("KEY") && text.count == 43)
            #expect(try made.data["prefix"]?.text == String(text.prefix(8)))
            #expect(try made.data["name"] == "ci")
            #expect(try made.data["expires_at"] == "2099-01-31T00:00:00.000000Z")
            #expect(try made.data["network_ids"] == .null)
            #expect(try made.data["last_used_at"] == .null)

            let holder = client.with(key: text)
            #expect(try await holder.get("/v2/networks").status == 200)
            // It is written down beside the request, which does not wait for it.
            var shown = try await client.get("/v2/api_keys/\(id)")
            while try shown.data["last_used_at"] == .null {
                await Task.yield()
                shown = try await client.get("/v2/api_keys/\(id)")
            }
            #expect(isTimestamp(try shown.data["last_used_at"]))
            #expect(try shown.data["api_key"] == nil)
            let list = try await client.get("/v2/api_keys")
            #expect(try list.data.count == 2)
            #expect(!list.text.contains(text))

            #expect(try await client.delete("/v2/api_keys/\(id)").data["id"]?.text == id)
            #expect(try await holder.get("/v2/networks").status == 401)
            #expect(try await client.get("/v2/api_keys/\(id)").status == 404)
        }
    }

    @Test("an API key that has expired does not authenticate")
    func expiry() async throws {
        try await TestAPI.run { client in
            // The tests' clock begins at 15:29:52.07 and moves by a millisecond with every look.
            let key = try await client.makeKey(
                role: "viewer",
                #","expires_at":"2024-08-07T15:29:52.2Z""#
            )
            let holder = client.with(key: key)
            #expect(try await holder.get("/v2/regions").status == 200)
            for _ in 0..<200 { _ = try await client.get("/v2/regions") }
            #expect(try await holder.get("/v2/regions").status == 401)
        }
    }

    @Test("a restricted API key sees its networks and what is in them, and nothing beside")
    func restriction() async throws {
        try await TestAPI.run { client in
            let (own, other) = (try await client.network(), try await client.network())
            let gateways = (
                try await client.gateway(in: own), try await client.gateway(in: other)
            )
            let peers = (
                try await client.peer(of: gateways.0), try await client.peer(of: gateways.1)
            )
            let key = try await client.makeKey(role: "owner", #","network_ids":["\#(own)"]"#)
            let holder = client.with(key: key)

            for (list, id) in [
                ("networks", own), ("wireguard_interfaces", gateways.0),
                ("wireguard_peers", peers.0),
            ] {
                let seen = try await holder.get("/v2/\(list)")
                #expect(try seen.data.count == 1)
                #expect(try seen.data[0]?["id"]?.text == id)
                #expect(try await holder.get("/v2/\(list)/\(id)").status == 200)
            }
            for path in [
                "networks/\(other)", "networks/\(other)/network_interfaces",
                "wireguard_interfaces/\(gateways.1)", "wireguard_peers/\(peers.1)",
                "wireguard_peers/\(peers.1)/config",
            ] {
                #expect(try await holder.get("/v2/" + path).status == 404, "\(path)")
            }
            let attached = try await holder.post(
                "/v2/wireguard_interfaces",
                #"{"network_id":"\#(other)","region_code":"local"}"#
            )
            #expect(try attached.problems == ["10017 /network_id"])
            _ = try await holder.peer(of: gateways.0)
            #expect(try await holder.post("/v2/networks", #"{"name":"n"}"#).status == 403)
            #expect(try await holder.get("/v2/api_keys").status == 403, "it could free itself")

            // What it was for is gone: it must not see everything instead.
            #expect(try await client.delete("/v2/wireguard_interfaces/\(gateways.0)").status == 200)
            #expect(try await client.delete("/v2/networks/\(own)").status == 200)
            #expect(try await holder.get("/v2/networks").data.count == 0)
            #expect(try await holder.get("/v2/wireguard_peers").data.count == 0)
        }
    }

    @Test("an owner can neither create nor revoke an admin's API key")
    func escalation() async throws {
        try await TestAPI.run { client in
            let owner = client.with(key: try await client.makeKey(role: "owner"))
            let asked = try await owner.post("/v2/api_keys", #"{"name":"k","role":"admin"}"#)
            #expect(asked.status == 403)
            let keys = try await owner.get("/v2/api_keys")
            let admin = try #require(try keys.data[0]?["id"]?.text)
            #expect(try keys.data[0]?["role"] == "admin")
            #expect(try await owner.delete("/v2/api_keys/\(admin)").status == 403)
            #expect(try await client.get("/v2/networks").status == 200)
        }
    }

    @Test("all problems of a request for an API key are reported together")
    func mistakes() async throws {
        try await TestAPI.run { client in
            let unknown = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"
            for (body, problems) in [
                ("{}", ["10004 /name", "10004 /role"]),
                (
                    #"{"name":"","role":"king","expires_at":"soon","network_ids":["\#(unknown)","x"]}"#,
                    [
                        "10025 /name", "10032 /role", "10015 /expires_at", "10017 /network_ids/0",
                        "10017 /network_ids/1",
                    ]
                ),
                (
                    #"{"name":7,"role":7,"expires_at":7,"network_ids":[7]}"#,
                    ["10026 /name", "10026 /role", "10026 /expires_at", "10026 /network_ids"]
                ),
                (
                    #"{"name":"k","role":"viewer","expires_at":"2024-01-01T00:00:00Z"}"#,
                    ["10015 /expires_at"]
                ),
                (
                    #"{"name":"k","role":"viewer","expires_at":"2027-02-29T00:00:00Z"}"#,
                    ["10015 /expires_at"]
                ),
            ] {
                let answer = try await client.post("/v2/api_keys", body)
                #expect(answer.status == 422)
                #expect(try answer.problems == problems)
            }
            #expect(try await client.get("/v2/api_keys").data.count == 1)
        }
    }

    @Test("a client with wrong API keys is asked to wait, and a right key still authenticates")
    func guessing() async throws {
        try await TestAPI.run { client in
            let guesser = client.with(key: "KEYguessed")
            var statuses: [Int] = []
            var last: TestAnswer?
            for _ in 0..<40 {
                last = try await guesser.get("/v2/networks")
                statuses.append(last?.status ?? 0)
            }
            #expect(statuses.prefix(20).allSatisfy { $0 == 401 })
            #expect(statuses.last == 429)
            #expect(try last?.problems == ["10011"])
            let wait = try #require(last?.headers[.retryAfter].flatMap { Int($0) })
            #expect((1...2).contains(wait))
            #expect(try await client.get("/v2/networks").status == 200)
        }
    }
}

extension TestClient {
    /// The text of a new key.
    func makeKey(role: String, _ members: String = "") async throws -> String {
        let answer = try await post("/v2/api_keys", #"{"name":"k","role":"\#(role)"\#(members)}"#)
        _ = try answer.created(200)
        return try #require(try answer.data["api_key"]?.text)
    }
}
