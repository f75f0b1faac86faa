import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import HTTPEdge

struct SessionCookieTests {
    @Test(
        "the cookie is for this host and TLS alone, except by plain HTTP to a loopback address",
        arguments: [
            ("vpn.example.com", true, true), ("127.0.0.1:8080", true, true),
            ("127.0.0.1:8080", false, false), ("localhost", false, false),
            ("[::1]:8080", false, false), ("vpn.example.com", false, true),
            ("127.0.0.1.example.com", false, true), ("localhost.example.com:80", false, true),
            ("127.example", false, true),
        ]
    )
    func flags(authority: String, isTLS: Bool, isSecure: Bool) {
        let cookie = SessionCookie(for: .asking(authority), isTLS: isTLS)
        let name = isSecure ? "__Host-wgw" : "wgw_session"
        let secure = isSecure ? "; Secure" : ""
        #expect(
            cookie.setting("abc-_9", seconds: 60)
                == "\(name)=abc-_9; Path=/; Max-Age=60; HttpOnly; SameSite=Strict\(secure)"
        )
        #expect(
            cookie.clearing == "\(name)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict\(secure)"
        )
    }

    @Test("the cookie is read by its whole name, and not where two have it")
    func reading() {
        for (field, secret) in [
            ("__Host-wgw=a", "a"), ("x=1; __Host-wgw=a; y=2", "a"), ("__Host-wgw=a=b", "a=b"),
            ("__Host-wgw=a; __Host-wgw=b", nil), ("wgw_session=a", nil), ("x__Host-wgw=a", nil),
            ("__host-wgw=a", nil), ("__Host-wgw", nil), ("", nil),
        ] {
            let request = Request.asking("vpn.example.com", [.cookie: field])
            let cookie = SessionCookie(for: request, isTLS: true)
            #expect(cookie.secret(in: request) == secret, "\(field)")
        }
    }

    @Test(
        "a request is of an own page as the browser tells, or else by its origin",
        arguments: [
            ("same-origin", nil, true, false), ("same-origin", "https://evil.example", true, false),
            ("same-site", "https://a.example", false, true), ("cross-site", nil, false, true),
            ("none", nil, false, false), (nil, nil, false, false),
            (nil, "https://a.example", true, false), (nil, "http://a.example", true, false),
            (nil, "https://a.example.evil", false, false), (nil, "null", false, false),
        ]
    )
    func site(site: String?, origin: String?, isOwn: Bool, isForeign: Bool) throws {
        var headers: HTTPFields = [:]
        headers[try #require(.init("sec-fetch-site"))] = site
        headers[.origin] = origin
        let request = Request.asking("a.example", headers)
        #expect(request.isFromOwnPage(isTLS: false) == isOwn)
        #expect(request.isFromForeignPage == isForeign)
    }
}

extension SessionCookieTests {
    @Test("by TLS no page that came without it is an own one")
    func siteByTLS() throws {
        for (origin, isOwn) in [("https://a.example", true), ("http://a.example", false)] {
            let request = Request.asking("a.example", [.origin: origin])
            #expect(request.isFromOwnPage(isTLS: true) == isOwn)
        }
    }

    @Test(
        "a request is in the clear that came without TLS from another machine, by all that is known",
        arguments: [
            ("vpn.example.com", nil, nil, true), ("192.0.2.7:8080", nil, nil, true),
            ("vpn.example.com", nil, "http://vpn.example.com", true),
            // Through a proxy that does TLS and is not named.
            ("vpn.example.com", "none", nil, false),
            ("vpn.example.com", nil, "https://vpn.example.com", false),
            ("127.0.0.1:8080", nil, nil, false), ("localhost:8080", nil, nil, false),
            ("[::1]:8080", nil, nil, false),
        ]
    )
    func clear(authority: String, site: String?, origin: String?, isClear: Bool) throws {
        var headers: HTTPFields = [:]
        headers[try #require(.init("sec-fetch-site"))] = site
        headers[.origin] = origin
        let request = Request.asking(authority, headers)
        #expect(request.isInTheClear(isTLS: false) == isClear)
        #expect(!request.isInTheClear(isTLS: true))
    }

    @Test("what a request shows is its session's cookie, whatever other cookies come with it")
    func shown() {
        for (field, secret) in [
            ("__Host-wgw=a; theme=dark", "a"), ("theme=light; wgw_session=b", "b"),
            ("theme=dark", nil), ("wgw_session=a; wgw_session=b", nil),
        ] {
            let request = Request.asking("a.example", [.cookie: field])
            #expect(SessionCookie.shownSecret(in: request) == secret, "\(field)")
        }
    }
}

extension Request {
    fileprivate static func asking(_ authority: String, _ headers: HTTPFields = [:]) -> Request {
        Request(
            head: HTTPRequest(
                method: .post,
                scheme: nil,
                authority: authority,
                path: "/",
                headerFields: headers
            ),
            body: RequestBody(buffer: ByteBuffer())
        )
    }
}
