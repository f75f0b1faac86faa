import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Portal
import Testing

/// The HTML around the pages that modules fill.
struct ShellTests {
    private static let paths = PortalPage.all.map {
        $0.path.replacing(":id", with: "6a09e667-f3bc-4908-b2fb-1366ea957d3e")
    }

    @Test("every page is a shell with the strict headers, and nothing inline")
    func shell() async throws {
        try await TestPortal.run { portal in
            let cookie = try await portal.cookie(
                named: "<img src=x onerror=alert(1)>",
                #""role":"owner""#
            )
            for path in Self.paths {
                let page = try await portal.get(path, cookie)
                #expect(page.status == .ok)
                #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(page.headers[.cacheControl] == "no-store")
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
                let policy = try #require(page.headers[.contentSecurityPolicy])
                for directive in [
                    "default-src 'none'", "script-src 'self'", "style-src 'self'",
                    "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
                    "require-trusted-types-for 'script'",
                ] {
                    #expect(policy.contains(directive))
                }
                #expect(!policy.contains("unsafe"))
                #expect(page.text.contains("&lt;img src=x onerror=alert(1)&gt;"))
                for inline in ["<style", "style=", "<img src=x", "javascript:", "onclick"] {
                    #expect(!page.text.contains(inline), "\(inline)")
                }
                let scripts = page.text.matches(of: /<script[^>]*>/)
                #expect(scripts.allSatisfy { $0.0.contains(" src=") })
            }
        }
    }

    @Test("a visitor that is not signed in is asked to, and comes back to where it wanted to go")
    func signInFirst() async throws {
        try await TestPortal.run { portal in
            for (path, location) in [
                ("/", "/sign-in"), ("/peers", "/sign-in?next=/peers"),
                (
                    "/peers?status=connected&q=a",
                    "/sign-in?next=/peers%3Fstatus%3Dconnected%26q%3Da"
                ),
            ] {
                for headers: HTTPFields in [[:], [.cookie: "wgw_session=unknown"]] {
                    let answer = try await portal.get(path, headers)
                    #expect(answer.status == .seeOther)
                    #expect(answer.headers[.location] == location)
                }
            }
        }
    }

    @Test("the navigation names the pages that the visitor's role leads to, and no others")
    func navigation() async throws {
        try await TestPortal.run { portal in
            func links(_ cookie: HTTPFields) async throws -> Set<String> {
                let page = try await portal.get("/peers", cookie)
                return Set(
                    page.text.matches(of: /<li><a href="(\S+?)"/).map { String($0.output.1) }
                )
            }
            let everybody =
                [
                    "/", "/peers", "/gateways", "/networks", "/explain", "/events", "/usage",
                    "/services",
                    "/regions",
                    "/about",
                ] as Set
            let viewer = try await portal.cookie(named: "a", #""role":"viewer""#)
            let member = try await portal.cookie(named: "b", #""role":"member""#)
            let owner = try await portal.cookie(named: "c", #""role":"owner""#)
            #expect(try await links(viewer) == everybody)
            #expect(try await links(member) == everybody)
            #expect(try await links(owner) == everybody.union(["/keys", "/users", "/webhooks"]))
            #expect(
                try await links(portal.cookie())
                    == everybody.union(["/keys", "/users", "/webhooks", "/organizations", "/nodes"])
            )
        }
    }

    @Test("a program that asks for JSON gets a problem where people get a page")
    func programs() async throws {
        try await TestPortal.run { portal in
            for path in ["/", "/peers", "/nothing"] {
                let answer = try await portal.get(path, [.accept: "application/json"])
                #expect(answer.status == .notFound)
                #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
            }
            let page = try await portal.get("/nothing", [.accept: "text/html"])
            #expect(page.status == .notFound)
            #expect(page.text.contains("<h1>There is nothing here</h1>"))
            #expect(page.headers[.contentSecurityPolicy] != nil)
            let problem = try await portal.get("/v2/nothing", [.accept: "text/html"])
            #expect(problem.status == .unauthorized)
        }
    }

    @Test("a page answers HEAD, tells its methods, and refuses others")
    func methods() async throws {
        try await TestPortal.run { portal in
            #expect(try await portal.head("/peers", portal.cookie()).status == .ok)
            let options = try await portal.client.execute(uri: "/peers", method: .options)
            #expect(options.headers[.allow] == "GET, HEAD, OPTIONS")
            let post = try await portal.client.execute(uri: "/peers", method: .post)
            #expect(post.status == .methodNotAllowed)
        }
    }
}
