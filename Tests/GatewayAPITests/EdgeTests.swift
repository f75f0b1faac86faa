import GatewayAPI
import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import LogTestSupport
import Logging
import Testing

@Suite("Every request")
struct EdgeTests {
    @Test("a request to an unknown path or a malformed id is a 404 with the documented words")
    func notFound() async throws {
        try await TestAPI.run { client in
            for path in [
                "/v2/nothing", "/v2", "/v2/networks/x", "/v2/networks/%00",
                "/v2/wireguard_interfaces/00000000-0000-4000-8000-00000000000g",
                "/v2/wireguard_peers/00000000-0000-4000-8000-000000000000",
                "/v2/wireguard_peers/x/config", "/v2/networks/x/network_interfaces/y",
                "/v2/private_wireless_gateways", "/v2/virtual_cross_connects", "/v2/global_ips",
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(
                    answer.text == #"{"errors":[{"code":"10005","title":"Resource not found","#
                        + #""detail":"The requested resource or URL could not be found.","#
                        + #""meta":{"url":"/docs/errors#10005"}}]}"#
                )
            }
        }
    }

    @Test("a request may have an id in either case, wherever it stands")
    func upperCaseIDs() async throws {
        try await TestAPI.run { client in
            let network = try await client.network().uppercased()
            let gateway = try await client.gateway(in: network).uppercased()
            let peer = try await client.peer(of: gateway).uppercased()
            for path in [
                "networks/\(network)", "wireguard_interfaces/\(gateway)", "wireguard_peers/\(peer)",
                "wireguard_peers/\(peer)/config", "networks/\(network)/network_interfaces",
            ] {
                #expect(try await client.get("/v2/\(path)").status == 200, "\(path)")
            }
            for list in [
                "wireguard_peers?filter[wireguard_interface_id]=\(gateway)",
                "wireguard_interfaces?filter[network_id]=\(network)",
                "events?filter[object_id]=\(peer)",
            ] {
                #expect(try await client.get("/v2/\(list)").data.count == 1, "\(list)")
            }
            let key = try await client.post(
                "/v2/api_keys",
                #"{"name":"k","role":"viewer","network_ids":["\#(network)"]}"#
            )
            #expect(key.status == 200, "\(key.text)")
            let organization = try #require(
                try await client.get("/v2/organizations").data[0]?["id"]?.text
            )
            let header = try #require(HTTPField.Name("x-wgw-organization"))
            for spelling in [organization, organization.uppercased()] {
                let answer = try await client.send(
                    .get,
                    "/v2/networks",
                    headers: [header: spelling]
                )
                #expect(answer.status == 200)
                // Its own organization needs no admin to be named.
                let viewer = client.with(key: try key.data["api_key"]?.text)
                let own = try await viewer.send(
                    .get,
                    "/v2/networks",
                    headers: [header: spelling]
                )
                #expect(own.status == 200, "\(spelling) \(own.text)")
            }
        }
    }

    @Test("a request with a wrong method is answered with the right ones")
    func methods() async throws {
        try await TestAPI.run { client in
            let unknown = try #require(TestMethod("FROBNICATE"))
            for (method, path, allow) in [
                (.put, "/v2/networks", "GET, HEAD, OPTIONS, POST"),
                (.delete, "/v2/networks", "GET, HEAD, OPTIONS, POST"),
                (.post, "/v2/networks/x", "DELETE, GET, HEAD, OPTIONS, PATCH"),
                (.put, "/v2/regions", "GET, HEAD, OPTIONS, POST"),
                (.post, "/v2/network_coverage", "GET, HEAD, OPTIONS"),
                (.trace, "/v2/network_coverage", "GET, HEAD, OPTIONS"),
                (unknown, "/v2/network_coverage", "GET, HEAD, OPTIONS"),
                (.patch, "/v2/wireguard_peers/x/config", "GET, HEAD, OPTIONS"),
                (.post, "/healthz", "GET, HEAD, OPTIONS"),
            ] as [(TestMethod, String, String)] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.headers[.allow] == allow)
                #expect(try answer.problems == ["10030"])
            }
        }
    }

    @Test("an OPTIONS request is answered with the methods and no body")
    func options() async throws {
        try await TestAPI.run { client in
            let answer = try await client.send(.options, "/v2/networks")
            #expect(answer.status == 204)
            #expect(answer.headers[.allow] == "GET, HEAD, OPTIONS, POST")
            #expect(answer.text.isEmpty)
            #expect(try await client.send(.options, "/v2/nothing").status == 404)
        }
    }

    @Test("a HEAD request is answered with the headers of GET and no body, errors included")
    func head() async throws {
        try await TestAPI.run { client in
            for path in ["/v2/networks", "/v2/nothing", "/v2/networks/x", "/healthz", "/nothing"] {
                let get = try await client.get(path)
                let head = try await client.send(.head, path)
                #expect(head.status == get.status)
                #expect(head.text.isEmpty)
                #expect(head.headers[.contentType] == get.headers[.contentType])
                #expect(head.headers[.contentLength] == String(get.text.utf8.count))
            }
        }
    }

    @Test("a DELETE request may carry a media type, a body or neither")
    func deleteForms() async throws {
        try await TestAPI.run { client in
            for (body, mediaType) in [
                (nil, "application/json"), (nil, nil), ([], "application/json"),
                (Array("{}".utf8), "text/plain"),
            ] as [([UInt8]?, String?)] {
                let path = "/v2/networks/\(try await client.network())"
                let answer = try await client.send(.delete, path, body, mediaType: mediaType)
                #expect(answer.status == 200)
            }
        }
    }

    @Test("every request has a request id, the client's own if it is harmless")
    func requestIDs() async throws {
        try await TestAPI.run { client in
            let name = try #require(HTTPField.Name("x-request-id"))
            for path in ["/v2/networks", "/v2/nothing", "/nothing", "/healthz"] {
                let given = try await client.send(.get, path, headers: [name: "abc-123/~!"])
                #expect(given.headers[name] == "abc-123/~!")
                let bare = try await client.get(path).headers[name]
                #expect(bare?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
                #expect(try await client.get(path).headers[name] != bare)
            }
            let unauthenticated = try await client.with(key: nil).get("/v2/networks")
            #expect(unauthenticated.headers[name] != nil)
            for bad in ["", "a b", "é", String(repeating: "x", count: 129)] {
                let answer = try await client.send(.get, "/healthz", headers: [name: bad])
                #expect(answer.headers[name]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            }
            let longest = String(repeating: "x", count: 128)
            let answer = try await client.send(.get, "/healthz", headers: [name: longest])
            #expect(answer.headers[name] == longest)
        }
    }

    @Test(
        "every request leaves one line in the log, with the template of its path and without secrets"
    )
    func accessLog() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let name = try #require(HTTPField.Name("x-request-id"))
            let answer = try await client.send(
                .post,
                "/v2/networks",
                Array(#"{"name":"NAME-IN-BODY"}"#.utf8),
                headers: [name: "the-id"]
            )
            let id = try answer.created(200)
            let path = "/v2/networks/\(id)?filter[x]=QUERY"
            _ = try await client.send(.get, path, headers: [name: "the-id"])
            _ = try await client.send(.get, "/PATH-UNKNOWN", headers: [name: "the-id"])
            let lines = api.log.lines.filter { $0.contains("request_id=the-id") }
            let bare = lines.map { $0.replacing(/duration_us=\d+/, with: "duration_us=N") }
            #expect(
                bare == [
                    "info request client=unknown duration_us=N method=POST path=/v2/networks request_id=the-id status=200",
                    "info request client=unknown duration_us=N method=GET path=/v2/networks/{id} request_id=the-id status=200",
                    "info request client=unknown duration_us=N method=GET path=unmatched request_id=the-id status=404",
                ]
            )
            for secret in [TestAPI.key, "NAME-IN-BODY", "QUERY", "PATH-UNKNOWN"] {
                #expect(!api.log.lines.contains { $0.contains(secret) })
            }
        }
    }

    @Test("a request that fails inside is answered without internals, and the log has the cause")
    func unexpected() async throws {
        struct Cause: Error { let text = "INTERNAL" }
        let api = try await TestAPI()
        let router = APIRouter(controlPlane: api.controlPlane).router()
        router.get("broken") { _, _ -> String in throw Cause() }
        let application = Application(
            router: router,
            logger: Logger(label: "test") { _ in api.log.handler() }
        )
        try await application.test(.router) { transport in
            let answer = try await TestClient(transport: transport, key: nil).get("/broken")
            #expect(answer.status == 500)
            #expect(
                answer.text == #"{"errors":[{"code":"10007","title":"Unexpected error","#
                    + #""detail":"An unexpected error occured.","#
                    + #""meta":{"url":"/docs/errors#10007"}}]}"#
            )
            let name = try #require(HTTPField.Name("x-request-id"))
            let id = try #require(answer.headers[name])
            #expect(
                api.log.lines.contains {
                    $0.contains("INTERNAL") && $0.contains(id) && $0.hasPrefix("error")
                }
            )
        }
    }

    @Test(
        "requests for health and readiness need no API key, and readiness is what the process says"
    )
    func health() async throws {
        let api = try await TestAPI()
        for isReady in [true, false] {
            let router = APIRouter(
                controlPlane: api.controlPlane,
                readiness: Readiness([{ isReady ? nil : "It starts." }])
            ).router()
            try await Application(router: router).test(.router) { transport in
                let client = TestClient(transport: transport, key: nil)
                let alive = try await client.get("/healthz")
                #expect(alive.status == 200)
                #expect(alive.text == #"{"status":"ok"}"#)
                let ready = try await client.get("/readyz")
                #expect(ready.status == (isReady ? 200 : 503))
                if !isReady { #expect(try ready.problems == ["10037"]) }
            }
        }
    }

    @Test("a request with bad paging is refused by every list")
    func paging() async throws {
        try await TestAPI.run { client in
            let network = try await client.network()
            for list in [
                "networks", "wireguard_interfaces", "wireguard_peers", "network_coverage",
                "networks/\(network)/network_interfaces",
            ] {
                let answer = try await client.get("/v2/\(list)?page[size]=0")
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10015 page[size]"])
                #expect(try answer.json["errors"]?[0]?["title"] == "Invalid pagination")
            }
        }
    }
}
