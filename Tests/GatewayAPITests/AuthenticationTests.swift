import GatewayAPI
import GatewayDomain
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Testing

@Suite("Who may ask")
struct AuthenticationTests {
    private static let anyID = "6a09e667-f3bc-4908-b2fb-1366ea957d3e"

    @Test("every route of /v2 asks for an API key")
    func walk() async throws {
        let api = try await TestAPI()
        let routes = APIRouter(controlPlane: api.controlPlane).router().routes.map { route in
            (method: route.method, path: route.path.description)
        }
        let guarded = routes.filter { $0.path.hasPrefix("/v2/") }
        let open = routes.filter { !$0.path.hasPrefix("/v2/") }.map { "\($0.method) \($0.path)" }
        #expect(
            open.sorted() == [
                "GET /configs/{token}", "GET /docs/errors", "GET /healthz", "GET /metrics",
                "GET /openapi.json", "GET /readyz", "GET /shares/{token}",
                "HEAD /configs/{token}", "HEAD /docs/errors", "HEAD /healthz", "HEAD /metrics",
                "HEAD /openapi.json", "HEAD /readyz", "HEAD /shares/{token}",
                "POST /shares/{token}",
            ]
        )
        #expect(guarded.count == 168)
        try await api.serve { client in
            for route in guarded {
                // A stream that nothing ends is refused before it begins.
                let path =
                    route.path.replacing("{id}", with: Self.anyID)
                    + (route.path == "/v2/changes" ? "?since=never" : "")
                let answer = try await client.with(key: nil).send(route.method, path)
                #expect(answer.status == 401, "\(route)")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                if route.method != .head { #expect(try answer.problems == ["10009"], "\(route)") }
                #expect(try await client.send(route.method, path).status != 401, "\(route)")
            }
        }
    }

    @Test(
        "an Authorization header without a bearer token is refused",
        arguments: [
            nil, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", TestAPI.key, "Bearer a b",
        ]
    )
    func malformed(header: String?) async throws {
        try await TestAPI.run { client in
            let answer = try await client.with(key: nil).send(
                .get,
                "/v2/networks",
                headers: header.map { [.authorization: $0] } ?? [:]
            )
            #expect(answer.status == 401)
            #expect(
                answer.text == #"{"errors":[{"code":"10009","title":"Authentication failed","#
                    + #""detail":"Could not understand the provided credentials.","#
                    + #""meta":{"url":"/docs/errors#10009"}}]}"#
            )
        }
    }

    @Test(
        "an unknown API key is refused, and its text is not in the answer",
        arguments: ["KEYunknown", "\(TestAPI.key)x", String(TestAPI.key.dropLast()), "' OR 1=1 --"]
    )
    func unknownKey(key: String) async throws {
        try await TestAPI.run { client in
            let answer = try await client.with(key: key).get("/v2/networks")
            #expect(answer.status == 401)
            #expect(try answer.problems == ["10009"])
            #expect(!answer.text.contains(key))
        }
    }

    @Test("the case of Bearer and the number of blanks behind it do not matter")
    func scheme() async throws {
        try await TestAPI.run { client in
            for header in ["bearer \(TestAPI.key)", "BEARER  \(TestAPI.key)"] {
                let answer = try await client.with(key: nil).send(
                    .get,
                    "/v2/networks",
                    headers: [.authorization: header]
                )
                #expect(answer.status == 200)
            }
        }
    }

    @Test("no spelling of a path gets around the API key, and none tells what exists")
    func spellings() async throws {
        try await TestAPI.run { client in
            for path in [
                "//v2/networks", "/v2//networks", "/v2/networks/", "/v2", "/v2/", "/v2/nothing",
                "///v2///regions", "/v2/networks/x", "http://localhost/v2/networks",
            ] {
                for method in [.get, .post, .put, .options, .trace] as [TestMethod] {
                    let answer = try await client.with(key: nil).send(method, path)
                    #expect(answer.status == 401, "\(method) \(path)")
                }
            }
            for path in ["/%762/networks", "/V2/networks", "/x/../v2/networks", "/", "/v", "*", ""]
            {
                let answer = try await client.with(key: nil).get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(try answer.problems == ["10005"], "\(path)")
            }
        }
    }

    @Test("objects of another organization are answered like objects that do not exist")
    func foreign() async throws {
        let api = try await TestAPI()
        let strangerKey = try await api.addOrganization()
        try await api.serve { client in
            let network = try await client.network()
            let gateway = try await client.gateway(in: network)
            let peer = try await client.peer(of: gateway)
            let stranger = client.with(key: strangerKey)
            let key = try await client.post("/v2/api_keys", #"{"name":"k","role":"viewer"}"#)
                .created(200)
            let internetGateway = try await client.post(
                "/v2/public_internet_gateways",
                #"{"network_id":"\#(network)","region_code":"local"}"#
            ).created(202)
            let route = try await client.post(
                "/v2/network_routes",
                #"{"network_id":"\#(network)","cidr":"192.168.1.0/24","#
                    + #""next_hop":{"type":"wireguard_peer","id":"\#(peer)"}}"#
            ).created(200)
            let share = try await client.post(
                "/v2/wireguard_peers/\(peer)/shares",
                #"{"private_key":false}"#
            ).created(200)
            let user = try await client.post("/v2/users", #"{"name":"u","role":"viewer"}"#)
                .created(200)
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let link = try await api.backboneLink(in: client.network())
            let webhook = try await client.webhook()
            let before = try await client.everything()
            let objects = [
                "networks": network, "wireguard_interfaces": gateway, "wireguard_peers": peer,
                "wireguard_peer_shares": share, "api_keys": key,
                "public_internet_gateways": internetGateway, "network_routes": route,
                "users": user, "backbone_links": "\(link.id)",
                "sessions": "\(session.session.id)", "webhooks": webhook,
            ]
            let routes = APIRouter(controlPlane: api.controlPlane).router().routes.map {
                (method: $0.method, path: $0.path.description)
            }.filter {
                // Services and nodes are the server's: services are read by all, nodes by admins.
                $0.path.contains("{id}") && !$0.path.hasPrefix("/v2/organizations")
                    && !$0.path.hasPrefix("/v2/private_services")
                    && !$0.path.hasPrefix("/v2/nodes")
            }
            #expect(routes.count == 77)
            for route in routes {
                let list = route.path.split(separator: "/")[1]
                let own = try #require(objects[String(list)], "\(route) has no object to ask for")
                let hasBody = [.patch, .post, .put].contains(route.method)
                let body = hasBody ? Array(#"{"name":"mine"}"#.utf8) : nil
                let answer = try await stranger.send(
                    route.method,
                    route.path.replacing("{id}", with: own),
                    body
                )
                let absent = try await stranger.send(
                    route.method,
                    route.path.replacing("{id}", with: Self.anyID),
                    body
                )
                #expect(answer.status == 404, "\(route)")
                #expect(answer.text == absent.text)
            }
            let attached = try await stranger.post(
                "/v2/wireguard_interfaces",
                #"{"network_id":"\#(network)","region_code":"local"}"#
            )
            #expect(try attached.problems == ["10017 /network_id"])
            let joined = try await stranger.post(
                "/v2/wireguard_peers",
                #"{"wireguard_interface_id":"\#(gateway)"}"#
            )
            #expect(try joined.problems == ["10017 /wireguard_interface_id"])
            for list in [
                "networks", "wireguard_interfaces", "wireguard_peers",
                "wireguard_interfaces?filter[network_id]=\(network)",
                "wireguard_peers?filter[wireguard_interface_id]=\(gateway)",
            ] {
                #expect(try await stranger.get("/v2/\(list)").data.count == 0)
            }
            #expect(try await client.everything() == before)
        }
    }
}
