import GatewayDomain
import GatewayStore
import Glibc
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

/// Signing in and out by the pages for it.
struct SignInPageTests {
    @Test("an API key signs a browser in, with a cookie that no script reads and no site sends")
    func apiKey() async throws {
        try await TestPortal.run { portal in
            let answer = try await portal.post(
                "/sign-in",
                "api_key=\(TestPortal.key)&next=%2Fpeers%3Fa%3Db"
            )
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/peers?a=b")
            let cookie = try #require(answer.headers[.setCookie])
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
                #expect(cookie.contains(attribute))
            }
            let page = try await portal.get("/peers", [.cookie: try #require(answer.cookie)])
            #expect(page.status == .ok)
        }
    }

    @Test(
        "after signing in a browser is only ever sent to a path of this server",
        arguments: [
            "https://example.org", "//example.org", "/\\example.org", "\\example.org", "peers",
            "/%09/example.org", "/\t/example.org", "/\n/example.org", "javascript:alert(1)", "",
            "/pe ers", "///example.org",
        ]
    )
    func openRedirect(next: String) async throws {
        try await TestPortal.run { portal in
            let next = next.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let answer = try await portal.post(
                "/sign-in",
                "api_key=\(TestPortal.key)&next=\(next)"
            )
            #expect(answer.status == .seeOther)
            let location = try #require(answer.headers[.location])
            #expect(location == "/" || location == "/%09/example.org")
        }
    }

    @Test("what is wrong is said on the page, which keeps the name and forgets the secrets")
    func wrong() async throws {
        try await TestPortal.run { portal in
            let password = try await portal.post(
                "/sign-in",
                "name=%3Cimg+src%3Dx%3E&password=not-the-password&next=/peers"
            )
            #expect(password.status == .unauthorized)
            #expect(password.text.contains("The name or the password is wrong."))
            #expect(password.text.contains("value=\"&lt;img src=x&gt;\""))
            #expect(password.text.contains("name=\"next\" value=\"/peers\""))
            #expect(!password.text.contains("not-the-password"))
            #expect(password.headers[.setCookie] == nil)
            let key = try await portal.post("/sign-in", "api_key=KEYwrong")
            #expect(key.status == .unauthorized)
            #expect(key.text.contains("This is not a valid API key."))
            #expect(!key.text.contains("KEYwrong"))
            let nothing = try await portal.post("/sign-in", "name=ada")
            #expect(nothing.status == .unprocessableContent)
            let code = try await portal.post("/sign-in", "code=none")
            #expect(code.status == .gone)
            #expect(code.text.contains("was used or has expired"))
        }
    }

    @Test("a form that is too large is answered with a page that tells how large it may be")
    func large() async throws {
        try await TestPortal.run { portal in
            let name = String(repeating: "a", count: 16 << 10)
            let answer = try await portal.post("/sign-in", "name=\(name)&password=x")
            #expect(answer.status == .contentTooLarge)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("16 KiB"))
            let program = try await portal.client.execute(
                uri: "/sign-in",
                method: .post,
                headers: [.fetchSite: "same-origin"],
                body: .init(string: "name=\(name)&password=x")
            )
            #expect(program.status == .contentTooLarge)
        }
    }

    @Test("while nothing can be stored, the page of the sign-in says so with status 503")
    func storage() async throws {
        let temporary = try TemporaryDirectory()
        defer { withExtendedLifetime(temporary) {} }
        let directory = temporary.path + "/data"
        try await TestPortal.run(on: Store(directory: directory)) { portal in
            try #require(rename(directory, directory + ".away") == 0)
            let answer = try await portal.post("/sign-in", "api_key=\(TestPortal.key)")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("data directory was moved"))
            #expect(!answer.text.contains(directory))
            try #require(rename(directory + ".away", directory) == 0)
            #expect(try await portal.post("/sign-in", "api_key=\(TestPortal.key)").cookie != nil)
        }
    }

    @Test("a form of another site, or of one that is not named, is refused before it is looked at")
    func crossSite() async throws {
        try await TestPortal.run { portal in
            let form = "api_key=\(TestPortal.key)"
            for headers: HTTPFields in [
                [:], [.fetchSite: "cross-site"], [.fetchSite: "same-site"], [.fetchSite: "none"],
                [.origin: "https://example.org"], [.origin: "null"],
            ] {
                for path in ["/sign-in", "/sign-out", "/invitations/none"] {
                    let answer = try await portal.post(path, form, headers)
                    #expect(answer.status == .forbidden, "\(path) \(headers)")
                    #expect(answer.headers[.setCookie] == nil)
                }
            }
        }
    }

    @Test("looking at a link that signs in uses nothing up, and its button signs in once")
    func code() async throws {
        try await TestPortal.run { portal in
            let made = try await portal.client.execute(
                uri: "/v2/sign_in_codes",
                method: .post,
                headers: [
                    .authorization: "Bearer \(TestPortal.key)", .contentType: "application/json",
                ],
                body: .init(string: "{}")
            )
            let code = try #require(made.text.firstMatch(of: /code=([\w-]+)/), "\(made.text)")
            for _ in 0..<2 {
                let page = try await portal.get("/sign-in?code=\(code.output.1)")
                #expect(page.status == .ok)
                #expect(page.headers[.setCookie] == nil)
                #expect(page.headers[.known("referrer-policy")] == "no-referrer")
                #expect(page.text.contains("name=\"code\" value=\"\(code.output.1)\""))
            }
            let form = "code=\(code.output.1)"
            let first = try await portal.post("/sign-in", form)
            #expect(first.status == .seeOther)
            #expect(first.cookie != nil)
            #expect(try await portal.post("/sign-in", form).status == .gone)
        }
    }

    @Test("a session ends with signing out, and a GET does not sign out")
    func signOut() async throws {
        try await TestPortal.run { portal in
            let cookie = try await portal.cookie()
            #expect(try await portal.get("/sign-out", cookie).status == .methodNotAllowed)
            #expect(
                try await portal.get("/sign-in?next=/peers", cookie).headers[.location] == "/peers"
            )
            var headers = cookie
            headers[.fetchSite] = "same-origin"
            let out = try await portal.post("/sign-out", "", headers)
            #expect(out.status == .seeOther)
            #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(
                try await portal.get("/peers", cookie).headers[.location] == "/sign-in?next=/peers"
            )
        }
    }

    @Test("a link on another site leads a browser that is signed in to where it says")
    func arrival() async throws {
        try await TestPortal.run { portal in
            let page = try await portal.get("/peers?a=1", [.fetchSite: "cross-site"])
            #expect(page.status == .ok)
            #expect(page.text.contains("content=\"0; url=/peers?a=1\""))
            let again = try await portal.get("/peers?a=1", [.fetchSite: "same-origin"])
            #expect(again.headers[.location] == "/sign-in?next=/peers%3Fa%3D1")
        }
    }

    @Test("the invited chooses a password on the page of the invitation, and is signed in")
    func invitation() async throws {
        try await TestPortal.run { portal in
            let made = try await portal.client.execute(
                uri: "/v2/users",
                method: .post,
                headers: [
                    .authorization: "Bearer \(TestPortal.key)", .contentType: "application/json",
                ],
                body: .init(string: #"{"name":"<ada>","role":"member"}"#)
            )
            let path = try #require(
                made.text.firstMatch(of: /(\/invitations\/[\w-]+)/),
                "\(made.text)"
            )
            let link = String(path.output.1)
            let page = try await portal.get(link)
            #expect(page.status == .ok)
            #expect(page.text.contains("&lt;ada&gt;"))
            for (form, words) in [
                ("password=correct+horse&repetition=another+one", "into both fields"),
                ("password=short&repetition=short", "The password "),
            ] {
                let refused = try await portal.post(link, form)
                #expect(refused.status == .unprocessableContent)
                #expect(refused.text.contains(words), "\(refused.text)")
                #expect(!refused.text.contains("correct horse"))
            }
            let accepted = try await portal.post(
                link,
                "password=correct+horse&repetition=correct+horse"
            )
            #expect(accepted.status == .seeOther)
            let peers = try await portal.get("/peers", [.cookie: try #require(accepted.cookie)])
            #expect(peers.text.contains("&lt;ada&gt;"))
            #expect(try await portal.get(link).status == .gone)
            #expect(
                try await portal.post("/sign-in", "name=%3Cada%3E&password=correct+horse").status
                    == .seeOther
            )
        }
    }
}
