import GatewayDomain
import GatewayService
import GatewayStore
import HTTPEdge
import HTTPTypes
import JSON
import RateLimiting
import ServiceTestSupport
import Testing

@Suite("A session")
struct SessionTests {
    @Test("a cookie lets in only what a page of this server sends")
    func crossSite() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let browser = api.browser(session, client)
            let body = #"{"name":"n"}"#
            for site in ["cross-site", "same-site", "none", nil] {
                let answer = try await browser.with(site: site).send(.post, "/v2/networks", body)
                #expect(answer.status == 403, "\(site ?? "")")
                #expect(try answer.problems == ["90002"])
            }
            for site in ["cross-site", "same-site"] {
                #expect(try await browser.with(site: site).get("/v2/networks").status == 403)
            }
            #expect(try await browser.with(site: "none").get("/v2/networks").data.count == 0)
            #expect(try await browser.send(.post, "/v2/networks", body).status == 200)
            // A browser that does not tell the site tells the origin.
            for (origin, status) in [
                ("http://localhost", 200), ("http://localhost:81", 403), ("null", 403),
                ("http://localhost.example.com", 403),
            ] {
                let answer = try await client.with(key: nil).send(
                    .post,
                    "/v2/networks",
                    Array(body.utf8),
                    headers: [.cookie: "wgw_session=\(browser.secret)", .origin: origin]
                )
                #expect(answer.status == status, "\(origin)")
            }
            // A key needs neither.
            let foreign: HTTPFields = [.fetchSite: "cross-site", .origin: "https://example.com"]
            let made = try await client.send(
                .post,
                "/v2/networks",
                Array(body.utf8),
                headers: foreign
            )
            #expect(made.status == 200)
        }
    }

    @Test("answers to a cookie open nothing to other sites, and set no cookie")
    func headers() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let browser = api.browser(session, client)
            for path in ["/v2/whoami", "/v2/networks", "/v2/ghost"] {
                let names = try await browser.get(path).headers.map(\.name.canonicalName)
                #expect(names.filter { $0.hasPrefix("access-control") || $0 == "set-cookie" } == [])
            }
        }
    }

    @Test("no browser keeps an answer to a cookie, or takes an answer for something else")
    func caching() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let browser = api.browser(session, client)
            for path in ["/v2/whoami", "/v2/users", "/v2/ghost"] {
                let byCookie = try await browser.get(path).headers
                #expect(byCookie[.cacheControl] == "no-store", "\(path)")
                #expect(byCookie[.xContentTypeOptions] == "nosniff", "\(path)")
                #expect(try await client.get(path).headers[.xContentTypeOptions] == "nosniff")
            }
            let refused = try await browser.with(site: "cross-site").get("/v2/users").headers
            #expect(refused[.cacheControl] == "no-store")
        }
    }

    @Test("a wrong API key is refused, whatever the cookie beside it")
    func keyFirst() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let answer = try await client.with(key: "KEYwrong").send(
                .get,
                "/v2/networks",
                headers: [
                    .cookie: "wgw_session=\(session.secret.text)", .fetchSite: "same-origin",
                ]
            )
            #expect(answer.status == 401)
        }
    }

    @Test("a session may do what its user may, and sees what its user sees")
    func scope() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let (own, other) = (try await client.network(), try await client.network())
            let user = try await api.user(
                named: "ada",
                role: "member",
                #","network_ids":["\#(own)"]"#,
                by: client
            )
            let browser = api.browser(user.session, client)
            #expect(try await browser.get("/v2/networks").data.count == 1)
            #expect(try await browser.get("/v2/networks/\(other)").status == 404)
            let rename = #"{"name":"mine"}"#
            #expect(try await browser.send(.patch, "/v2/networks/\(own)", rename).status == 200)
            #expect(try await browser.get("/v2/users").status == 403)
            #expect(try await browser.get("/v2/organizations").status == 403)
            let event = try #require(
                try await client.events("filter[object_id]=\(own)").last?["actor"]
            )
            #expect(event["type"] == "user")
            #expect(event["id"]?.text == user.id)
            #expect(event["name"] == "ada")

            // What it was for is gone: it must not see everything instead.
            _ = try await client.delete("/v2/networks/\(own)")
            #expect(try await browser.get("/v2/networks").data.count == 0)
            #expect(try await client.get("/v2/users/\(user.id)").data["network_ids"]?.count == 0)
        }
    }

    @Test("an admin's session acts for another organization, and that of an owner does not")
    func acting() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let organization = try await client.post("/v2/organizations", #"{"name":"o"}"#)
                .created(200)
            for (role, status) in [("admin", 200), ("owner", 403)] {
                let user = try await api.user(named: role, role: role, by: client)
                let answer = try await client.with(key: nil).send(
                    .get,
                    "/v2/whoami",
                    headers: [
                        .cookie: "wgw_session=\(user.session.secret.text)",
                        .actingFor: organization,
                    ]
                )
                #expect(answer.status == status)
                guard status == 200 else { continue }
                #expect(try answer.data["organization_id"]?.text == organization)
            }
        }
    }

    @Test("a session ends a week after its last use, and a month after it began")
    func ends() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let idle = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let busy = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let browser = api.browser(busy, client)
            for day in 1...29 {
                api.clock.advance(seconds: 86_400)
                #expect(try await browser.get("/v2/whoami").status == 200, "day \(day)")
                // The use is written down beside the request.
                while try await api.lastUse(of: busy.session) == false { await Task.yield() }
            }
            #expect(try await api.browser(idle, client).get("/v2/whoami").status == 401)
            api.clock.advance(seconds: 86_400)
            let ended = try await browser.get("/v2/whoami")
            #expect(ended.status == 401)
            #expect(try ended.problems == ["10009"])
            try await api.controlPlane.discardExpired()
            #expect(try await client.get("/v2/sessions").data.count == 0)
        }
    }

    @Test("a caller lists its sessions, and ends one or all others at once")
    func ownSessions() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", by: client)
            let browser = api.browser(user.session, client)
            let others = [try await api.signIn("ada"), try await api.signIn("ada")]
            let list = try await browser.get("/v2/sessions").data
            #expect(list.count == 3)
            let own = try #require(list[0])
            #expect(
                own.names == [
                    "id", "record_type", "user_id", "api_key_id", "current", "source_address",
                    "user_agent", "created_at", "last_used_at", "expires_at",
                ]
            )
            #expect(own["current"] == .bool(true) && list[1]?["current"] == .bool(false))
            #expect(own["user_id"]?.text == user.id && own["api_key_id"] == .null)
            #expect(own["source_address"]?.text == TestBrowser.source)
            #expect(own["user_agent"] == "Mozilla/5.0 (X11; Linux x86_64)")

            let first = try #require(list[1]?["id"]?.text)
            #expect(try await browser.send(.delete, "/v2/sessions/\(first)").status == 200)
            #expect(try await api.browser(others[0], client).get("/v2/whoami").status == 401)
            #expect(try await browser.send(.delete, "/v2/sessions/\(first)").status == 404)
            #expect(try await browser.send(.delete, "/v2/sessions").data.count == 1)
            #expect(try await api.browser(others[1], client).get("/v2/whoami").status == 401)
            #expect(try await browser.get("/v2/whoami").status == 200)

            try await api.controlPlane.signOut(user.session.secret, requestID: "r")
            try await api.controlPlane.signOut(user.session.secret, requestID: "r")
            #expect(try await browser.get("/v2/whoami").status == 401)
        }
    }

    @Test("an owner sees and ends the sessions of its users, and of none that may do more")
    func othersSessions() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let viewer = try await api.user(named: "viewer", by: client)
            let owner = try await api.user(named: "owner", role: "owner", by: client)
            let admin = try await api.user(named: "admin", role: "admin", by: client)
            let (nosy, chief) = (
                api.browser(viewer.session, client), api.browser(owner.session, client)
            )
            func session(of id: String, by browser: TestBrowser) async throws -> TestAnswer {
                try await browser.get("/v2/sessions?filter[user_id]=\(id)")
            }
            #expect(try await session(of: owner.id, by: nosy).status == 403)
            #expect(try await session(of: viewer.id, by: nosy).data.count == 1)
            #expect(try await session(of: viewer.id, by: chief).data.count == 1)
            for foreign in [owner, admin] {
                let path = "/v2/sessions/\(foreign.session.session.id)"
                #expect(try await nosy.send(.delete, path).status == 404)
            }
            let path = "/v2/sessions/\(admin.session.session.id)"
            #expect(try await chief.send(.delete, path).status == 403)
            #expect(try await api.browser(admin.session, client).get("/v2/whoami").status == 200)
            let its = "/v2/sessions/\(viewer.session.session.id)"
            #expect(try await chief.send(.delete, its).status == 200)
            #expect(try await nosy.get("/v2/whoami").status == 401)
        }
    }

    @Test("a change of role or networks and the end of its user end a session, a new name does not")
    func endsWithUser() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let network = try await client.network()
            let user = try await api.user(named: "ada", by: client)
            let path = "/v2/users/\(user.id)"
            var browser = api.browser(user.session, client)
            #expect(try await client.patch(path, #"{"name":"eve"}"#).status == 200)
            #expect(try await browser.get("/v2/whoami").data["name"] == "eve")
            for change in [
                #"{"role":"member"}"#, #"{"network_ids":["\#(network)"]}"#,
                #"{"network_ids":null}"#,
            ] {
                #expect(try await client.patch(path, change).status == 200)
                #expect(try await browser.get("/v2/whoami").status == 401, "\(change)")
                browser = api.browser(try await api.signIn("eve"), client)
                #expect(try await browser.get("/v2/whoami").status == 200)
            }
            #expect(try await client.delete(path).status == 200)
            #expect(try await browser.get("/v2/whoami").status == 401)
            await #expect(throws: ServiceError.signInRefused) { _ = try await api.signIn("eve") }
        }
    }

    @Test("a user changes its password with the old one, and its other sessions end")
    func password() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", by: client)
            var browser = api.browser(user.session, client)
            let other = api.browser(try await api.signIn("ada"), client)
            func change(_ old: String, _ new: String) async throws -> TestAnswer {
                try await browser.send(
                    .put,
                    "/v2/password",
                    #"{"old_password":"\#(old)","new_password":"\#(new)"}"#
                )
            }
            for (old, new, problems) in [
                ("wrong horse", "battery staple", ["10015 /old_password"]),
                ("correct horse", "short", ["10025 /new_password"]),
                ("correct horse", " ", ["10025 /new_password"]),
            ] {
                let answer = try await change(old, new)
                #expect(try answer.problems == problems)
                #expect(!answer.text.contains(old) && !answer.text.contains(new + "\""))
            }
            let mistyped = try await browser.send(.put, "/v2/password", #"{"old_password":7}"#)
            #expect(
                try mistyped.problems.sorted() == ["10004 /new_password", "10026 /old_password"]
            )
            #expect(try await other.get("/v2/whoami").status == 200)
            let changed = try await change("correct horse", "battery staple")
            #expect(changed.status == 200)
            // Who had the old password may have the cookie, too.
            #expect(try await browser.get("/v2/whoami").status == 401)
            let cookie = try #require(changed.headers[.setCookie])
            let sides = cookie.prefix { $0 != ";" }.split(separator: "=")
            #expect(cookie.contains("HttpOnly; SameSite=Strict"))
            browser = TestBrowser(client: client.with(key: nil), secret: String(sides[1]))
            #expect(try await browser.get("/v2/whoami").status == 200)
            #expect(try await other.get("/v2/whoami").status == 401)
            await #expect(throws: ServiceError.signInRefused) { _ = try await api.signIn("ada") }
            _ = try await api.signIn("ada", Password(typed: "battery staple"))
            // A stolen session does not help to guess the password.
            var statuses: [Int] = []
            for _ in 0..<12 { statuses.append(try await change("wrong", "battery staple").status) }
            #expect(statuses.last == 429)

            let byKey = try await client.send(
                .put,
                "/v2/password",
                Array(#"{"old_password":"a","new_password":"b"}"#.utf8)
            )
            #expect(byKey.status == 403)
        }
    }

    @Test("a key and its sessions share one rate limit")
    func rateLimit() async throws {
        let api = try await TestAPI()
        try await api.serve(limiter: .init(.init(perSecond: 1, burst: 4))) { client in
            let session = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            let browser = api.browser(session, client)
            for _ in 0..<2 {
                #expect(try await browser.get("/v2/regions").status == 200)
                #expect(try await client.get("/v2/regions").status == 200)
            }
            let limited = try await browser.get("/v2/regions")
            #expect(limited.status == 429)
        }
    }

    @Test("a change stream ends with its session")
    func stream() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let user = try await api.user(named: "ada", by: client)
            #expect(try await api.controlPlane.events(after: 1, by: user.session.caller) != nil)
            try await api.controlPlane.signOut(user.session.secret, requestID: "r")
            #expect(try await api.controlPlane.events(after: 1, by: user.session.caller) == nil)
        }
    }

    @Test(
        "one principal has a bounded number of sessions, and the one that was used least lately ends"
    )
    func bound() async throws {
        let api = try await TestAPI()
        try await api.serve { client in
            let first = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            for _ in 0..<Session.most {
                _ = try await api.controlPlane.signIn(apiKey: TestAPI.key, from: .test())
            }
            #expect(try await client.get("/v2/sessions?page[size]=250").data.count == Session.most)
            #expect(try await api.browser(first, client).get("/v2/whoami").status == 401)
        }
    }
}

extension TestAPI {
    /// Whether the session was used within the last hours.
    fileprivate func lastUse(of session: Session) async throws -> Bool {
        let now = clock.now()
        let found = try await store.read { db in
            try Sessions.find(session.id, of: session.organizationID, db)
        }
        return try #require(found).lastUsedAt.advanced(bySeconds: 3_600) > now
    }
}
