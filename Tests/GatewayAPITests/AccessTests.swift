import GatewayAPI
import GatewayDomain
import HTTPTypes
import JSON
import Testing

@Suite("What a key may do")
struct AccessTests {
    /// A request and the least role that it takes.
    private struct Demand {
        let method: TestMethod
        /// As the document writes it: `/v2/networks/{id}`.
        let route: String
        /// What stands for `{id}` or `{code}`.
        let id: String
        let body: String?
        let role: String

        var path: String { route.replacing("{id}", with: id).replacing("{code}", with: id) }
        /// In the document's words.
        var operation: String { "\(method.rawValue.lowercased()) \(route)" }
    }

    /// What the demands are about. The spare objects are those that a demand deletes, and stand in the
    /// way of no other.
    private struct World {
        let network, gateway, peer, share, internetGateway, key, organization: String
        let spareNetwork, spareGateway, sparePeer, spareShare, spareKey, spareOrganization: String
        let webhook, spareWebhook: String
        let user, spareUser, service, spareService, route, node, spareNode, link: String
        /// The organization of the keys.
        let own: String

        init(_ client: TestClient, _ api: TestAPI) async throws {
            network = try await client.network()
            // Where no gateway comes, with which links of others would go.
            link = "\(try await api.backboneLink(in: client.network()).id)"
            spareNetwork = try await client.network()
            gateway = try await client.gateway(in: network)
            spareGateway = try await client.gateway(in: network)
            peer = try await client.peer(of: gateway)
            sparePeer = try await client.peer(of: gateway)
            let shares = "/v2/wireguard_peers/\(peer)/shares"
            let without = #"{"private_key":false}"#
            share = try await client.post(shares, without).created(200)
            spareShare = try await client.post(shares, without).created(200)
            _ = try await client.post("/v2/wireguard_peers/\(peer)/config_url", "{}").created(200)
            internetGateway = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"ashburn-va"}"#
            ).created(202)
            let key = #"{"name":"k","role":"viewer"}"#
            self.key = try await client.post("/v2/api_keys", key).created(200)
            spareKey = try await client.post("/v2/api_keys", key).created(200)
            user = try await client.post("/v2/users", #"{"name":"u","role":"viewer"}"#)
                .created(200)
            spareUser = try await client.post("/v2/users", #"{"name":"v","role":"viewer"}"#)
                .created(200)
            organization = try await client.post("/v2/organizations", #"{"name":"a"}"#)
                .created(200)
            let privateServices = "/v2/private_services"
            service = try await client.post(
                privateServices,
                #"{"name":"sip","prefixes":["192.0.2.0/25"]}"#
            ).created(200)
            spareService = try await client.post(
                privateServices,
                #"{"name":"api","prefixes":["192.0.2.128/25"]}"#
            ).created(200)
            route = try await client.post(
                "/v2/network_routes",
                #"{"network_id":"\#(network)","cidr":"192.168.1.0/24","#
                    + #""next_hop":{"type":"wireguard_peer","id":"\#(peer)"}}"#
            ).created(200)
            node = try await client.node("one")
            spareNode = try await client.node("spare")
            webhook = try await client.webhook()
            spareWebhook = try await client.webhook()
            own = try #require(try await client.get("/v2/whoami").data["organization_id"]?.text)
            for limited in [
                "wireguard_peers/\(peer)", "wireguard_interfaces/\(gateway)",
                "organizations/\(own)",
            ] {
                let limits = Array(#"{"rx_rate":1000000}"#.utf8)
                _ = try await client.send(.put, "/v2/\(limited)/limits", limits)
            }
            for code in ["mars", "moon"] {
                _ = try await client.post("/v2/regions", #"{"code":"\#(code)"}"#)
            }
            spareOrganization = try await client.post("/v2/organizations", #"{"name":"b"}"#)
                .created(200)
        }

        /// One for every operation that needs an API key, in an order in which all of them succeed.
        var demands: [Demand] {
            let inNetwork = #"{"network_id":"\#(network)","region_code":"local"}"#
            let rows: [(TestMethod, String, String, String?, String)] = [
                (.get, "server", "", nil, "viewer"),
                (.get, "regions", "", nil, "viewer"),
                (.post, "regions", "", #"{"code":"sun"}"#, "admin"),
                (.get, "regions/{code}", "mars", nil, "viewer"),
                (.patch, "regions/{code}", "mars", #"{"area":"EMEA"}"#, "admin"),
                (.delete, "regions/{code}", "moon", nil, "admin"),
                (.get, "network_coverage", "", nil, "viewer"),
                (.get, "nodes", "", nil, "admin"),
                (
                    .post, "nodes", "",
                    #"{"name":"new","regions":["local"],"endpoint_address":"192.0.2.9"}"#, "admin"
                ),
                (.get, "nodes/{id}", node, nil, "admin"),
                (.patch, "nodes/{id}", node, #"{"draining":true}"#, "admin"),
                (.post, "nodes/{id}/join_token", node, "{}", "admin"),
                (.delete, "nodes/{id}", spareNode, nil, "admin"),
                (.get, "backbone_links", "", nil, "viewer"),
                (.get, "backbone_links/{id}", link, nil, "viewer"),
                (.get, "overview", "", nil, "viewer"),
                (.get, "usage", "", nil, "viewer"),
                (.get, "usage.csv", "", nil, "viewer"),
                (.get, "costs", "", nil, "viewer"),
                (.get, "costs.csv", "", nil, "viewer"),
                (.get, "limits", "", nil, "viewer"),
                (.get, "wireguard_peers/{id}/limits", peer, nil, "viewer"),
                (.put, "wireguard_peers/{id}/limits", peer, #"{"rx_rate":8000}"#, "member"),
                (.delete, "wireguard_peers/{id}/limits", peer, nil, "member"),
                (.get, "wireguard_interfaces/{id}/limits", gateway, nil, "viewer"),
                (.put, "wireguard_interfaces/{id}/limits", gateway, #"{"rx_rate":8000}"#, "member"),
                (.delete, "wireguard_interfaces/{id}/limits", gateway, nil, "member"),
                (.get, "organizations/{id}/limits", own, nil, "viewer"),
                (.put, "organizations/{id}/limits", own, #"{"rx_rate":8000}"#, "admin"),
                (.delete, "organizations/{id}/limits", own, nil, "admin"),
                (.get, "events", "", nil, "viewer"),
                (.get, "changes", "", nil, "viewer"),
                (.get, "networks", "", nil, "viewer"),
                (.post, "networks", "", #"{"name":"n"}"#, "member"),
                (.get, "networks/{id}", network, nil, "viewer"),
                (.patch, "networks/{id}", network, #"{"name":"n"}"#, "member"),
                (.delete, "networks/{id}", spareNetwork, nil, "member"),
                (.get, "networks/{id}/network_interfaces", network, nil, "viewer"),
                (.post, "networks/{id}/default_gateway", network, "{}", "member"),
                (.put, "networks/{id}/default_gateway", network, "{}", "member"),
                (.get, "networks/{id}/default_gateway", network, nil, "viewer"),
                (.delete, "networks/{id}/default_gateway", network, nil, "member"),
                (.get, "wireguard_interfaces", "", nil, "viewer"),
                (.post, "wireguard_interfaces", "", inNetwork, "member"),
                (.get, "wireguard_interfaces/{id}", gateway, nil, "viewer"),
                (.patch, "wireguard_interfaces/{id}", gateway, #"{"name":"g"}"#, "member"),
                (.delete, "wireguard_interfaces/{id}", spareGateway, nil, "member"),
                (.get, "wireguard_peers", "", nil, "viewer"),
                (.get, "wireguard_peers.csv", "", nil, "viewer"),
                (
                    .post, "wireguard_peers", "", #"{"wireguard_interface_id":"\#(gateway)"}"#,
                    "member"
                ),
                (.get, "wireguard_peers/{id}", peer, nil, "viewer"),
                (.patch, "wireguard_peers/{id}", peer, #"{"name":"p"}"#, "member"),
                (.get, "wireguard_peers/{id}/config", peer, nil, "viewer"),
                (.get, "wireguard_peer_shares", "", nil, "viewer"),
                (.post, "wireguard_peers/{id}/shares", peer, "{}", "member"),
                (.get, "wireguard_peer_shares/{id}", share, nil, "viewer"),
                (.delete, "wireguard_peer_shares/{id}", spareShare, nil, "member"),
                (.post, "wireguard_peers/{id}/config_url", peer, "{}", "member"),
                (.get, "wireguard_peers/{id}/config_url", peer, nil, "viewer"),
                (.get, "wireguard_peers/{id}/config_urls", peer, nil, "viewer"),
                (.delete, "wireguard_peers/{id}/config_url", peer, nil, "member"),
                (.get, "wireguard_peers/{id}/guide", peer, nil, "viewer"),
                (.get, "wireguard_peers/{id}/diagnosis", peer, nil, "viewer"),
                (.get, "wireguard_interfaces/{id}/diagnosis", gateway, nil, "viewer"),
                (.get, "wireguard_peers/{id}/traffic", peer, nil, "viewer"),
                (.get, "wireguard_interfaces/{id}/traffic", gateway, nil, "viewer"),
                (.get, "networks/{id}/explanation", network, nil, "viewer"),
                (.delete, "wireguard_peers/{id}", sparePeer, nil, "member"),
                (.get, "public_internet_gateways", "", nil, "viewer"),
                (.post, "public_internet_gateways", "", inNetwork, "member"),
                (.get, "public_internet_gateways/{id}", internetGateway, nil, "viewer"),
                (.delete, "public_internet_gateways/{id}", internetGateway, nil, "member"),
                (.get, "network_routes", "", nil, "viewer"),
                (
                    .post, "network_routes", "",
                    #"{"network_id":"\#(network)","cidr":"192.168.2.0/24","#
                        + #""next_hop":{"type":"wireguard_peer","id":"\#(peer)"}}"#, "member"
                ),
                (.get, "network_routes/{id}", route, nil, "viewer"),
                (.delete, "network_routes/{id}", route, nil, "member"),
                (.get, "private_services", "", nil, "viewer"),
                (
                    .post, "private_services", "",
                    #"{"name":"new","prefixes":["198.18.0.0/15"]}"#, "admin"
                ),
                (.get, "private_services/{id}", service, nil, "viewer"),
                (.patch, "private_services/{id}", service, #"{"protocol":"udp"}"#, "admin"),
                (.delete, "private_services/{id}", spareService, nil, "admin"),
                (.post, "rehearsals", "", #"{"steps":[]}"#, "member"),
                (.get, "api_keys", "", nil, "owner"),
                (.post, "api_keys", "", #"{"name":"k","role":"viewer"}"#, "owner"),
                (.get, "api_keys/{id}", key, nil, "owner"),
                (.delete, "api_keys/{id}", spareKey, nil, "owner"),
                (.get, "users", "", nil, "owner"),
                (.post, "users", "", #"{"name":"w","role":"viewer"}"#, "owner"),
                (.get, "users/{id}", user, nil, "owner"),
                (.patch, "users/{id}", user, #"{"name":"x"}"#, "owner"),
                (.post, "users/{id}/invitation", user, "{}", "owner"),
                (.delete, "users/{id}", spareUser, nil, "owner"),
                (.get, "webhooks", "", nil, "owner"),
                (
                    .post, "webhooks", "",
                    #"{"name":"w","url":"https://example.com/","events":["network.*"]}"#, "owner"
                ),
                (.get, "webhooks/{id}", webhook, nil, "owner"),
                (.patch, "webhooks/{id}", webhook, #"{"name":"x"}"#, "owner"),
                (.delete, "webhooks/{id}", spareWebhook, nil, "owner"),
                (.post, "webhooks/{id}/secret", webhook, "{}", "owner"),
                (.post, "webhooks/{id}/test", webhook, "{}", "owner"),
                (.post, "webhooks/{id}/retry", webhook, "{}", "owner"),
                (.get, "webhooks/{id}/deliveries", webhook, nil, "owner"),
                (.get, "whoami", "", nil, "viewer"),
                (.get, "sessions", "", nil, "viewer"),
                (.delete, "sessions", "", nil, "viewer"),
                (.post, "sign_in_codes", "", "{}", "viewer"),
                (.get, "organizations", "", nil, "admin"),
                (.post, "organizations", "", #"{"name":"o"}"#, "admin"),
                (.get, "organizations/{id}", organization, nil, "admin"),
                (.patch, "organizations/{id}", organization, #"{"name":"p"}"#, "admin"),
                (.delete, "organizations/{id}", spareOrganization, nil, "admin"),
            ]
            return rows.map {
                Demand(method: $0.0, route: "/v2/" + $0.1, id: $0.2, body: $0.3, role: $0.4)
            } + [Demand(method: .get, route: "/metrics", id: "", body: nil, role: "admin")]
        }
    }

    /// What a request to a route has to say beside its body.
    private static let queries = [
        "/v2/changes": "?follow=false",
        "/v2/networks/{id}/explanation": "?from=172.27.0.2&to=172.27.0.1",
    ]

    /// What only a browser that has signed in can do to an end: `SessionTests` has it.
    private static let ofSessions = ["put /v2/password", "delete /v2/sessions/{id}"]

    private static let roles = ["viewer", "member", "owner", "admin"]

    @Test("an API key may do what its role says, and no more", arguments: AccessTests.roles)
    func obeys(role: String) async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let world = try await World(client, api)
            let holder = client.with(key: try await client.makeKey(role: role))
            let rank = try #require(Self.roles.firstIndex(of: role))
            for demand in world.demands {
                let needed = try #require(Self.roles.firstIndex(of: demand.role))
                let before = try await client.everything()
                let body = demand.body.map { Array($0.utf8) }
                let query = Self.queries[demand.route] ?? ""
                let answer = try await holder.send(demand.method, demand.path + query, body)
                if rank >= needed {
                    #expect(answer.status < 300, "\(demand.operation): \(answer.text)")
                } else {
                    #expect(answer.status == 403, "\(demand.operation)")
                    #expect(try answer.problems == ["10010"])
                    #expect(answer.text.contains("'\(role)'") && answer.text.contains(demand.role))
                    #expect(try await client.everything() == before)
                }
            }
        }
    }

    @Test("every operation that needs an API key is tried with every role, and documents the least")
    func everyOperationIsTried() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let demands = try await World(client, api).demands
            let paths = try #require(try await client.get("/openapi.json").json["paths"])
            var guarded: [String: String] = [:]
            for path in paths.names {
                for method in paths[path]?.names ?? [] {
                    let operation = paths[path]?[method]
                    // An operation for everybody has an empty list of them.
                    guard operation?["security"]?.count != 0 else { continue }
                    guarded["\(method) \(path)"] = try #require(operation?["description"]?.text)
                }
            }
            let tried = demands.map(\.operation) + Self.ofSessions
            #expect(tried.sorted() == guarded.keys.sorted())
            for demand in demands {
                let isStated = guarded[demand.operation]?.contains(
                    demand.role == "viewer"
                        ? "an API key of any role." : "an API key with the role `\(demand.role)`"
                )
                #expect(isStated == true, "\(demand.operation) takes \(demand.role)")
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
