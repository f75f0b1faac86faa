import HTTPTypes
import HummingbirdTesting
import Testing

/// Each of these asks all routes, so that a new one cannot be forgotten.
@Suite("Holes of other portals: what routes give and do")
struct RouteHoleTests {
    @Test("no answer to a GET has a private key, an API key or the secret of a link")
    func secretsInAnswers() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            var asked = 0
            for route in portal.routes where route.method == .get {
                // Of a link, the page shows its own secret in the form that uses it.
                guard !route.path.contains("{token}") else { continue }
                let answer = try await portal.ask(.get, try world.path(of: route))
                for secret in world.secrets {
                    #expect(!answer.text.contains(secret), "\(route.path)")
                }
                asked += 1
            }
            #expect(asked > 50)
        }
    }

    @Test("what belongs to another organization does not exist, by its key and by its cookie")
    func foreign() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            let stranger = try await portal.stranger()
            let before = try await portal.revision()
            var asked = 0
            for route in portal.routes
            where route.path.hasPrefix("/v2/") && route.path.contains("{id}") {
                // Only the operator has organizations and nodes, and changes services: it is forbidden rather
                // than unknown.
                // Limits are read by the organization that has them.
                let isForbidden =
                    route.path.hasPrefix("/v2/organizations")
                    && !(route.path.hasSuffix("/limits") && route.isReading)
                    || route.path.hasPrefix("/v2/nodes")
                    || route.path.hasPrefix("/v2/private_services") && !route.isReading
                for credential in [stranger.key, stranger.cookie] {
                    let answer = try await portal.ask(
                        route.method,
                        try world.path(of: route),
                        [.post, .patch, .put].contains(route.method) ? #"{"name":"mine"}"# : nil,
                        credential
                    )
                    #expect(answer.status == (isForbidden ? .forbidden : .notFound), "\(route)")
                    asked += 1
                }
            }
            #expect(asked > 80)
            #expect(try await portal.revision() == before)
        }
    }

    @Test("no path stops the server or hands out its data, with or without an admin's key")
    func management() async throws {
        try await TestPortal.run { portal in
            let known = Set(portal.routes.map(\.path))
            for path in [
                "/shutdown", "/restart", "/backup", "/restore", "/api/backup",
                "/api/server/shutdown",
                "/v2/backup", "/v2/restore", "/v2/shutdown", "/v2/server/shutdown",
                "/v2/server/backup",
                "/v2/reload", "/debug/pprof", "/debug/vars", "/wgw.db", "/wgw-data/wgw.db",
                "/master-key", "/api-key", "/.env", "/.git/config", "/config", "/admin", "/setup",
            ] {
                #expect(!known.contains(path))
                for method in [.get, .post, .put, .delete] as [HTTPRequest.Method] {
                    let bare = try await portal.client.execute(uri: path, method: method)
                    let expected: HTTPResponse.Status =
                        path.hasPrefix("/v2/") ? .unauthorized : .notFound
                    #expect(bare.status == expected, "\(method) \(path)")
                    let asAdmin = try await portal.ask(method, path)
                    #expect(asAdmin.status == .notFound, "\(method) \(path)")
                }
            }
        }
    }

    @Test("no GET changes anything, and with a cookie none of another site is answered")
    func sideEffects() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            let cookie = [.cookie: "wgw_session=\(world.links["cookie "] ?? "")"] as HTTPFields
            let before = try await portal.revision()
            for route in portal.routes where route.isReading {
                let path = try world.path(of: route)
                for site in ["same-origin", "cross-site", "none"] {
                    var headers = cookie
                    headers[.fetchSite] = site
                    let answer = try await portal.client.execute(
                        uri: path,
                        method: route.method,
                        headers: headers
                    )
                    if route.path.hasPrefix("/v2/") {
                        let isRefused = answer.status == .forbidden
                        #expect(isRefused == (site == "cross-site"), "\(path) from \(site)")
                    }
                }
                _ = try await portal.ask(route.method, path)
                #expect(try await portal.revision() == before, "\(route.method) \(path)")
            }
        }
    }

    @Test(
        "what a role may not do is refused by the server, also where the page has no button for it"
    )
    func roles() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            var viewer = try await portal.cookie(named: "viewer", #""role":"viewer""#)
            viewer[.fetchSite] = "same-origin"
            // What a viewer does to what is its own, and a rehearsal, whose steps are refused one by one.
            let own: Set = [
                "/v2/sessions", "/v2/sessions/{id}", "/v2/sign_in_codes", "/v2/password",
                "/v2/rehearsals",
            ]
            let before = try await portal.revision()
            var asked = 0
            for route in portal.routes
            where route.path.hasPrefix("/v2/") && !route.isReading && !own.contains(route.path) {
                let answer = try await portal.ask(
                    route.method,
                    try world.path(of: route),
                    route.method == .delete ? nil : "{}",
                    viewer
                )
                #expect(answer.status == .forbidden, "\(route)")
                asked += 1
            }
            #expect(asked > 20)
            let foreign = "/v2/sessions/\(world.objects["sessions"] ?? "")"
            #expect(try await portal.ask(.delete, foreign, nil, viewer).status == .notFound)
            #expect(try await portal.revision() == before)
        }
    }

    @Test("nothing that is answered may be framed, taken for another type or load from other hosts")
    func framing() async throws {
        try await TestPortal.run { portal in
            let world = try await HoleWorld(portal)
            func check(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields)
                async throws
            {
                let answer = try await portal.client.execute(
                    uri: path,
                    method: method,
                    headers: headers
                )
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.contains("default-src 'none'"), "\(method) \(path)")
                #expect(policy.contains("frame-ancestors 'none'"), "\(method) \(path)")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(method) \(path)")
                #expect(answer.headers[.accessControlAllowOrigin] == nil)
            }
            let cookie: HTTPFields = [
                .cookie: "wgw_session=\(world.links["cookie "] ?? "")", .fetchSite: "same-origin",
            ]
            for route in portal.routes {
                let path = try world.path(of: route)
                try await check(.get, path, Self.programs)
                try await check(.get, path, cookie)
                try await check(.put, path, cookie)
                try await check(.options, path, cookie)
            }
            for path in ["/nothing", "/assets/0/none.js", "/assets/0", "/v2/nothing"] {
                for headers in [Self.programs, cookie, [.accept: "text/html"]] {
                    try await check(.get, path, headers)
                }
            }
            try await check(.get, try await portal.assets() + "/app.js", cookie)
        }
    }

    private static let programs: HTTPFields = [.accept: "application/json"]
}
