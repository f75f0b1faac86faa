import GatewayAPI
import GatewayService
import GatewayStore
import HTTPEdge
import HTTPTypes
import Hummingbird
import JSON
import Testing

@Suite("An Idempotency-Key")
struct IdempotencyTests {
    @Test("a request repeated with its idempotency key gets the first answer, and creates nothing")
    func replays() async throws {
        try await TestAPI.run { client in
            let gateway = try await client.gateway(in: try await client.network())
            let body = #"{"wireguard_interface_id":"\#(gateway)","preshared_key":true}"#
            let first = try await client.post(once: "a:B_9-z", "/v2/wireguard_peers", body)
            #expect(first.status == 202)
            #expect(first.headers[.replayed] == nil)
            let second = try await client.post(once: "a:B_9-z", "/v2/wireguard_peers", body)
            #expect(second.status == 202)
            #expect(second.text == first.text)
            let key = try second.data["private_key"]
            #expect(isKey(key))
            #expect(second.headers[.replayed] == "true")
            #expect(try await client.get("/v2/wireguard_peers").data.count == 1)
            let other = try await client.post(once: "other", "/v2/wireguard_peers", body)
            #expect(try other.data["id"] != first.data["id"])
        }
    }

    @Test("a request of a browser is the same one whatever other cookies come with it")
    func otherCookies() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            var links: Set<String> = []
            for theme in ["dark", "light"] {
                let answer = try await client.with(key: nil).send(
                    .post,
                    "/v2/sign_in_codes",
                    Array("{}".utf8),
                    headers: [
                        .cookie: "theme=\(theme); wgw_session=\(session.secret.text)",
                        .fetchSite: "same-origin", .known("idempotency-key"): "once",
                    ]
                )
                #expect(answer.status == 200, "\(answer.text)")
                links.insert(answer.text)
            }
            #expect(links.count == 1)
        }
    }

    @Test("an idempotency key belongs to the operation, however its path is spelled")
    func spellings() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let path = "/v2/networks/\(network)/default_gateway"
            let first = try await client.post(once: "k", path, "{}")
            #expect(first.status < 300, "\(first.text)")
            for spelling in [
                "/v2/networks/\(network.uppercased())/default_gateway",
                "/v2//networks/\(network)/default_gateway/",
                "//v2/networks//\(network)/default_gateway",
            ] {
                let again = try await client.post(once: "k", spelling, "{}")
                #expect(again.headers[.replayed] == "true", "\(spelling) \(again.text)")
                #expect(again.text == first.text)
            }
            let made = try await client.post(once: "n", "/v2/networks", #"{"name":"n"}"#)
            let repeated = try await client.post(once: "n", "/v2//networks/", #"{"name":"n"}"#)
            #expect(try made.data["id"] == repeated.data["id"])
        }
    }

    @Test("an idempotency key is honoured on every POST")
    func everywhere() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let bodies = [
                "organizations": #"{"name":"o"}"#,
                "api_keys": #"{"name":"k","role":"viewer"}"#,
                "users": #"{"name":"u","role":"viewer"}"#,
                "users/{id}/invitation": "{}",
                "sign_in_codes": "{}",
                "networks": #"{"name":"n"}"#,
                "wireguard_interfaces": #"{"network_id":"\#(network)","region_code":"local"}"#,
                "wireguard_peers": #"{"wireguard_interface_id":"\#(gateway)"}"#,
                "public_internet_gateways":
                    #"{"network_id":"\#(network)","region_code":"local"}"#,
                "wireguard_peers/{id}/shares": "{}",
                "wireguard_peers/{id}/config_url": "{}",
                "networks/{id}/default_gateway": "{}",
                "regions": #"{"code":"mars"}"#,
                "nodes": #"{"name":"n","regions":["local"],"endpoint_address":"192.0.2.9"}"#,
                "nodes/{id}/join_token": "{}",
                "rehearsals": #"{"steps":[]}"#,
                "webhooks":
                    #"{"name":"w","url":"https://example.com/","events":["network.*"]}"#,
                "webhooks/{id}/secret": "{}",
                "webhooks/{id}/test": "{}",
                "webhooks/{id}/retry": "{}",
                "private_services": #"{"name":"sip","prefixes":["192.0.2.0/24"]}"#,
                "network_routes": #"{"network_id":"\#(network)","cidr":"192.168.1.0/24","#
                    + #""next_hop":{"type":"wireguard_peer","id":"\#(peer)"}}"#,
            ]
            let user = try await client.post("/v2/users", #"{"name":"first","role":"viewer"}"#)
                .created(200)
            let node = try await client.node("first")
            let webhook = try await client.webhook()
            let api = try await TestAPI()
            let posts = APIRouter(controlPlane: api.controlPlane).router().routes
                .filter { $0.method == .post && $0.path.description.hasPrefix("/v2/") }
                .map { String($0.path.description.dropFirst(4)) }
            #expect(posts.sorted() == bodies.keys.sorted())
            for (path, body) in bodies {
                let id =
                    path.hasPrefix("networks")
                    ? network
                    : path.hasPrefix("users")
                        ? user
                        : path.hasPrefix("nodes")
                            ? node : path.hasPrefix("webhooks") ? webhook : peer
                let path = "/v2/" + path.replacing("{id}", with: id)
                let first = try await client.post(once: "k", path, body)
                #expect(first.status < 300, "\(path) \(first.text)")
                let count = try await client.events().count
                let second = try await client.post(once: "k", path, body)
                #expect(second.text == first.text, "\(path)")
                #expect(second.status == first.status)
                #expect(second.headers[.contentType] == first.headers[.contentType])
                #expect(try await client.events().count == count, "\(path)")
            }
        }
    }

    @Test(
        "an idempotency key with another body, query or API key is refused, and is free on another path"
    )
    func conflicts() async throws {
        try await TestAPI.run { client in
            let body = #"{"name":"n"}"#
            let first = try await client.post(once: "k", "/v2/networks", body)
            let id = try #require(try first.data["id"]?.text)
            for answer in [
                try await client.post(once: "k", "/v2/networks", #"{"name":"m"}"#),
                try await client.post(once: "k", "/v2/networks", body + " "),
                try await client.post(once: "k", "/v2/networks?a=b", body),
                try await client.with(key: try await client.makeKey(role: "owner"))
                    .post(once: "k", "/v2/networks", body),
            ] {
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10027"])
            }
            #expect(try await client.get("/v2/networks").data.count == 1)
            let defaultGateway = try await client.post(
                once: "k",
                "/v2/networks/\(id)/default_gateway",
                "{}"
            )
            #expect(defaultGateway.status == 200)
        }
    }

    @Test("the idempotency key of a refused request may be used again")
    func refused() async throws {
        try await TestAPI.run { client in
            let missing = try await client.post(once: "k", "/v2/networks", "{}")
            let broken = try await client.post(once: "k", "/v2/networks", "{")
            let right = try await client.post(once: "k", "/v2/networks", #"{"name":"n"}"#)
            #expect([missing, broken, right].map(\.status) == [422, 400, 200])
        }
    }

    @Test(
        "a malformed idempotency key is refused",
        arguments: ["a b", "ä", "a/b", String(repeating: "k", count: 256)]
    )
    func malformed(key: String) async throws {
        try await TestAPI.run { client in
            let answer = try await client.post(once: key, "/v2/networks", #"{"name":"n"}"#)
            #expect(answer.status == 422)
            #expect(try answer.problems == ["10015"])
            #expect(try await client.get("/v2/networks").data.count == 0)
        }
    }

    @Test("of requests with one idempotency key at the same time one is done")
    func concurrent() async throws {
        try await TestAPI.run { client in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await client.post(once: "k", "/v2/networks", #"{"name":"n"}"#).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.contains(200))
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 409 })
            #expect(try await client.get("/v2/networks").data.count == 1)
        }
    }

    @Test("the stored response of an idempotency key is not readable in the database")
    func sealed() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let gateway = try await client.gateway(in: try await client.network())
            let answer = try await client.post(
                once: "k",
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)"}"#
            )
            let secret = try #require(try answer.data["private_key"]?.text)
            let sealed: [UInt8] = try await api.store.read { db in
                try #require(try db.row("SELECT sealed_answer FROM kept_answer"))
                    .value("sealed_answer")
            }
            #expect(sealed.count > answer.text.utf8.count, "the answer is stored")
            #expect(!String(decoding: sealed, as: UTF8.self).contains(secret))
        }
    }
}

extension TestClient {
    func post(once key: String, _ path: String, _ body: String) async throws -> TestAnswer {
        let name = try #require(HTTPField.Name("idempotency-key"))
        return try await send(.post, path, Array(body.utf8), headers: [name: key])
    }
}

extension HTTPField.Name {
    fileprivate static var replayed: HTTPField.Name {
        HTTPField.Name("idempotent-replayed") ?? .via
    }
}
