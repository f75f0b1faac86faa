import GatewayService
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import LogTestSupport
import ServiceTestSupport
import Testing

@Suite("Holes of other portals: who signs in")
struct CredentialHoleTests {
    @Test("a user without a password cannot sign in, with an empty password or any other")
    func noPassword() async throws {
        try await TestPortal.run { portal in
            _ = try await HoleWorld(portal, name: "new")
            for password in ["", "+", "null", "new", "correct+horse", "%00"] {
                let answer = try await portal.post("/sign-in", "name=new&password=\(password)")
                #expect([401, 422].contains(answer.status.code), "\(password)")
                #expect(answer.cookie == nil)
            }
            let blank = try await portal.post("/sign-in", "api_key=")
            #expect(blank.status == .unprocessableContent)
            #expect(try await portal.get("/peers").status == .seeOther)
        }
    }

    @Test("a new server has no user, and no key that another one has")
    func defaults() async throws {
        try await TestPortal.run { portal in
            #expect(try await portal.ask(.get, "/v2/users").text.contains(#""data":[]"#))
            for name in ["admin", "root", "wgw", "user"] {
                for password in ["admin", "password", "wgw", "changeme", "wgportal-default"] {
                    let answer = try await portal.post(
                        "/sign-in",
                        "name=\(name)&password=\(password)"
                    )
                    #expect([401, 429].contains(answer.status.code))
                    let key = try await portal.ask(
                        .get,
                        "/v2/networks",
                        nil,
                        [.authorization: "Bearer \(password)"]
                    )
                    #expect([401, 429].contains(key.status.code))
                }
            }
        }
        var made: Set<String> = []
        for _ in 0..<3 {
            let fixture = try await ServiceFixture()
            let code = try #require(try await fixture.controlPlane.makeFirstSignInCode())
            made.insert(code.code.text)
        }
        #expect(made.count == 3)
    }

    @Test(
        "without credentials every page leads to the sign-in, and every route of the API is refused"
    )
    func noLogin() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            var open: Set<String> = []
            for route in portal.routes {
                let path = try world.path(of: route)
                let answer = try await portal.client.execute(
                    uri: path,
                    method: route.method,
                    headers: [.fetchSite: "same-origin", .accept: "text/html"]
                )
                switch answer.status {
                case .unauthorized:
                    #expect(route.path.hasPrefix("/v2/") || route.path == "/metrics")
                case .seeOther:
                    let next = answer.headers[.location] ?? ""
                    #expect(next.hasPrefix("/sign-in"), "\(route)")
                    if route.path != "/sign-out" { #expect(route.isReading) }
                default: open.insert(route.path)
                }
                for secret in [world.privateKey, world.apiKey] {
                    #expect(!answer.text.contains(secret) || path.hasPrefix("/shares/"), "\(path)")
                }
            }
            #expect(
                open.sorted() == [
                    "/assets/{hash}/**", "/configs/{token}", "/docs", "/docs/errors", "/healthz",
                    "/invitations/{token}", "/openapi.json", "/readyz", "/shares/{token}",
                    "/sign-in",
                ]
            )
        }
    }

    @Test("a token that says itself whom it is of, or that was altered, is no credential")
    func unsigned() async throws {
        try await TestPortal.run { portal in
            let cookie = try #require(try await portal.cookie()[.cookie])
            let claims = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9."
            for token in [claims, "admin", "{\"role\":\"admin\"}", TestPortal.key + "A"] {
                let bearer = try await portal.ask(
                    .get,
                    "/v2/networks",
                    nil,
                    [.authorization: "Bearer \(token)"]
                )
                #expect(bearer.status == .unauthorized, "\(token)")
            }
            let last: Character = cookie.last == "A" ? "B" : "A"
            for altered in [
                "wgw_session=\(claims)", String(cookie.dropLast()) + String(last),
                String(cookie.dropLast()), cookie + "A",
                cookie.replacing("_session=", with: "_session=\""),
            ] {
                let page = try await portal.get("/peers", [.cookie: altered])
                #expect(page.status == .seeOther, "\(altered)")
                let answer = try await portal.get("/v2/networks", [.cookie: altered])
                #expect(answer.status == .unauthorized, "\(altered)")
            }
            #expect(try await portal.get("/peers", [.cookie: cookie]).status == .ok)
        }
    }

    @Test("by TLS the cookie is Secure and bound to the host, and no script reads it")
    func secure() async throws {
        try await TestPortal.run(behind: FindClient(isTLS: true)) { portal in
            let answer = try await portal.post("/sign-in", "api_key=\(TestPortal.key)")
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-wgw="))
            for attribute in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
                #expect(cookie.contains(attribute))
            }
            #expect(!cookie.contains("Domain"))
            #expect(answer.headers[.strictTransportSecurity] == "max-age=31536000")
        }
    }

    @Test("a sign-in does not tell who is a user, and cannot be tried without end")
    func enumeration() async throws {
        try await TestPortal.run { portal in
            _ = try await HoleWorld(portal, name: "known")
            var texts: Set<String> = []
            for name in ["known", "other"] {
                let answer = try await portal.post("/sign-in", "name=\(name)&password=wrong")
                #expect(answer.status == .unauthorized)
                texts.insert(answer.text.replacing(name, with: "NAME"))
            }
            #expect(texts.count == 1)
            for form in ["name=known&password=wrong", "name=other&password=wrong"] {
                var statuses: [Int] = []
                for _ in 0..<12 {
                    statuses.append(try await portal.post("/sign-in", form).status.code)
                }
                #expect(statuses.prefix(9).allSatisfy { $0 == 401 }, "\(form)")
                #expect(statuses.last == 429, "\(form)")
            }
            for form in ["code=wrong", "api_key=wrong"] {
                var statuses: Set<Int> = []
                for _ in 0..<25 {
                    statuses.insert(try await portal.post("/sign-in", form).status.code)
                }
                #expect(statuses.contains(429), "\(form)")
            }
        }
    }

    @Test("cookies that belong to no session are limited as wrong API keys are, by page and by API")
    func guessedCookies() async throws {
        for path in ["/peers", "/v2/networks"] {
            try await TestPortal.run { portal in
                let right = try await portal.cookie()
                var statuses: [Int] = []
                for number in 0..<30 {
                    let cookie = "wgw_session=guess\(number)"
                    let answer = try await portal.get(
                        path,
                        [.cookie: cookie, .accept: "text/html"]
                    )
                    statuses.append(answer.status.code)
                }
                #expect(!statuses.prefix(20).contains(429), "\(path) \(statuses)")
                #expect(statuses.last == 429, "\(path) \(statuses)")
                #expect(try await portal.get(path, right).status == .ok, "\(path)")
            }
        }
    }

    @Test("each sign-in has a secret of its own, and does not take over what a browser was given")
    func fixation() async throws {
        try await TestPortal.run { portal in
            var secrets: Set<String> = ["wgw_session=planted"]
            for _ in 0..<3 {
                var headers: HTTPFields = [.fetchSite: "same-origin"]
                headers[.cookie] = "wgw_session=planted"
                let form = "api_key=\(TestPortal.key)"
                let answer = try await portal.post("/sign-in", form, headers)
                secrets.insert(try #require(answer.cookie))
            }
            #expect(secrets.count == 4)
            let planted = try await portal.get("/peers", [.cookie: "wgw_session=planted"])
            #expect(planted.status == .seeOther)
        }
    }

    @Test("what a client says of its own address and of TLS is not believed")
    func forwarded() async throws {
        try await TestPortal.run { portal in
            var headers: HTTPFields = [.fetchSite: "same-origin"]
            for (name, value) in [
                ("x-forwarded-for", "203.0.113.9"), ("x-real-ip", "203.0.113.9"),
                ("forwarded", "for=203.0.113.9;proto=https"), ("x-forwarded-proto", "https"),
                ("x-forwarded-host", "evil.example"), ("true-client-ip", "203.0.113.9"),
            ] {
                headers[.known(name)] = value
            }
            let form = "api_key=\(TestPortal.key)"
            let answer = try await portal.post("/sign-in", form, headers)
            #expect(answer.headers[.setCookie]?.contains("Secure") == false)
            #expect(answer.headers[.strictTransportSecurity] == nil)
            let sessions = try await portal.ask(.get, "/v2/sessions")
            #expect(!sessions.text.contains("203.0.113.9"))
            #expect(!portal.log.lines.contains { $0.contains("203.0.113.9") })
            var asking = headers
            asking[.authorization] = "Bearer \(TestPortal.key)"
            let link = try await portal.ask(.post, "/v2/sign_in_codes", "{}", asking)
            #expect(link.text.contains("http://localhost/sign-in?code="), "\(link.text)")
            // Attempts of one connection are counted together, whatever each says.
            var statuses: [Int] = []
            for number in 0..<25 {
                headers[.known("x-forwarded-for")] = "203.0.113.\(number)"
                statuses.append(
                    try await portal.post("/sign-in", "api_key=no", headers).status.code
                )
            }
            #expect(statuses.last == 429)
        }
    }
}
