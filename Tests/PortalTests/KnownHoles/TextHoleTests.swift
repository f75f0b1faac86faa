import HTTPTypes
import HummingbirdTesting
import LogTestSupport
import Testing

@Suite("Holes of other portals: text and paths")
struct TextHoleTests {
    private static let hostile = "<img src=x onerror=alert(1)>"

    @Test("no path leads to a file of the machine")
    func traversal() async throws {
        try await TestPortal.run { portal in
            let bases = [
                "", try await portal.assets(), "/assets", "/docs", "/shares", "/configs", "/peers",
                "/invitations", "/v2/networks", "/v2",
            ]
            for base in bases {
                for way in [
                    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                    "/..%2f..%2f..%2fetc%2fpasswd", "//etc/passwd", "/..\\..\\etc\\passwd",
                    "/%252e%252e/etc/passwd", "/....//....//etc/passwd", "/etc/passwd%00.js",
                    "/..;/etc/passwd", "/../Templates/shell.mustache",
                ] {
                    let answer = try await portal.get(base + way, TestPortal.admin)
                    // Of a name that is none, too: a page asks for the sign-in, and a link is spent.
                    #expect([303, 400, 404, 410].contains(answer.status.code), "\(base)\(way)")
                    #expect(!answer.text.contains("root:"), "\(base)\(way)")
                    #expect(!answer.text.contains("{{"), "\(base)\(way)")
                }
            }
        }
    }

    @Test("what a request says is never markup in an answer, its User-Agent neither")
    func reflection() async throws {
        try await TestPortal.run { portal in
            let query = Self.hostile.replacing(" ", with: "%20").replacing("<", with: "%3C")
            let typed = "%22%3E" + query
            for path in [
                "/sign-in?next=\(typed)", "/sign-in?code=\(typed)", "/\(typed)", "/docs?q=\(typed)",
                "/shares/\(typed)", "/invitations/\(typed)", "/assets/\(typed)/x", "/?\(typed)",
            ] {
                for site in ["none", "cross-site"] {
                    let answer = try await portal.get(
                        path,
                        [.accept: "text/html", .userAgent: Self.hostile, .fetchSite: site]
                    )
                    #expect(!answer.text.contains("<img"), "\(path)")
                }
            }
            let form = try await portal.post("/sign-in", "name=\(typed)&password=\(typed)")
            #expect(!form.text.contains("<img") && form.text.contains("&lt;img"))
            #expect(!form.text.contains("value=\"\""), "the name is kept")

            var headers: HTTPFields = [.fetchSite: "same-origin", .userAgent: Self.hostile]
            let signed = try await portal.post("/sign-in", "api_key=\(TestPortal.key)", headers)
            headers[.cookie] = signed.cookie
            headers[.accept] = "text/html"
            for path in ["/account", "/peers", "/users"] {
                #expect(try await !portal.get(path, headers).text.contains("<img"), "\(path)")
            }
            let sessions = try await portal.get("/v2/sessions", headers)
            #expect(sessions.headers[.contentType] == "application/json; charset=utf-8")
            #expect(sessions.headers[.xContentTypeOptions] == "nosniff")
            // What would end a header's line ends up in none.
            let next = try await portal.get(
                "/peers?a=%0d%0aset-cookie:%20a=b",
                [.fetchSite: "none"]
            )
            #expect(next.headers[.setCookie] == nil)
        }
    }

    @Test("names are in no line of the log and in no header, and none has the end of a line in it")
    func names() async throws {
        try await TestPortal.run { portal in
            for name in ["a\\nb", "a\\r\\nSet-Cookie: a=b", "a\\u0000b", "a\\u2028b"] {
                for collection in ["networks", "users", "api_keys", "organizations"] {
                    let answer = try await portal.ask(
                        .post,
                        "/v2/\(collection)",
                        #"{"name":"\#(name)","role":"viewer"}"#
                    )
                    #expect(answer.status == .unprocessableContent, "\(collection) \(name)")
                }
            }
            let name = "NAMED-BY-A-PERSON"
            let world = try await HoleWorld(portal, name: name)
            for route in portal.routes where route.method == .get {
                let answer = try await portal.ask(.get, try world.path(of: route))
                for field in answer.headers where field.name != .contentDisposition {
                    #expect(!field.value.contains(name), "\(route.path) \(field)")
                }
                let place = answer.headers[.contentDisposition] ?? ""
                #expect(place.allSatisfy { $0.isASCII && !$0.isNewline })
            }
            _ = try await portal.post("/sign-in", "name=\(name)&password=\(name)")
            #expect(!portal.log.lines.isEmpty)
            #expect(!portal.log.lines.contains { $0.contains(name) })
        }
    }

    @Test("a name cannot end the label of a metric, nor begin a line of its own")
    func labels() async throws {
        try await TestPortal.run { portal in
            _ = try await HoleWorld(portal, name: #"a\"} 1\\n{x=\"\\"#)
            let metrics = try await portal.ask(.get, "/metrics").text
            for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
                let isWhole =
                    line.wholeMatch(of: /\w+(\{(\w+="([^"\\]|\\["\\n])*",?)*\})? [-+.\deEInfNa]+/)
                #expect(isWhole != nil, "\(line)")
            }
            #expect(metrics.contains("wgw_"))
        }
    }

    @Test("no config, key or secret of a link is in a line of the log")
    func configsInLog() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            for route in portal.routes where route.isReading || route.path.contains("{token}") {
                let path = try world.path(of: route)
                _ = try await portal.ask(route.method, path)
                _ = try await portal.post(path, "password=PASSWORD-TYPED&repetition=PASSWORD-TYPED")
            }
            let peer = "/v2/wireguard_peers/\(world.objects["wireguard_peers"] ?? "")"
            let renewed = try await portal.ask(.patch, peer + "?include=config", "{}")
            let key = try #require(renewed.text.firstMatch(of: /"private_key":"([^"]+)"/))
            _ = try await portal.ask(.get, peer + "/config?format=PrivateKey")
            let forbidden =
                world.secrets + [
                    TestPortal.key, String(key.output.1), "PASSWORD-TYPED", "[Interface]",
                    "PrivateKey",
                ]
            #expect(portal.log.lines.count > 50)
            for text in forbidden {
                #expect(!portal.log.lines.contains { $0.contains(text) }, "\(text)")
            }
        }
    }
}
