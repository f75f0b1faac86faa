import GatewayService
import HTTPEdge
import HTTPTypes
import LogTestSupport
import NetAddress
import Testing

@Suite("Signing in through a proxy, or without", .timeLimit(.minutes(10)))
struct ProxyTests {
    private static let page = "GET /sign-in HTTP/1.1\r\nHost: vpn.example.com\r\n"
    private static let form = "api_key=\(TestAPI.key)"
    private static let post = """
        POST /sign-in HTTP/1.1\r\nHost: vpn.example.com\r\nAccept: text/html\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n
        """

    private static func finder(trusting proxies: String?) throws -> FindClient {
        FindClient(proxies: try proxies.map { TrustedProxies([try IPPrefix($0)]) } ?? .none)
    }

    @Test("by plain HTTP from another machine the page says what to do, and takes no password")
    func inTheClear() async throws {
        let api = try await TestAPI()
        try await api.listen(hasPortal: true) { server in
            let connection = try await server.connect()
            await connection.send(Self.page + "\r\n")
            let page = try #require(try await connection.answer())
            #expect(page.status == 403)
            for words in ["--tls-cert", "--trusted-proxies", "ssh -L", "plain HTTP"] {
                #expect(page.text.contains(words), "\(words)")
            }
            #expect(!page.text.contains("<form"))
            #expect(page.headers[.strictTransportSecurity] == nil)
            let origin = "Origin: http://vpn.example.com\r\n\r\n"
            await connection.send(Self.post + origin + Self.form)
            let refused = try #require(try await connection.answer())
            #expect(refused.status == 403)
            #expect(refused.headers[.setCookie] == nil)
            #expect(refused.text.contains("ssh -L"))
            await connection.send(
                "GET /invitations/none HTTP/1.1\r\nHost: vpn.example.com\r\n\r\n"
            )
            #expect(try await connection.answer()?.text.contains("ssh -L") == true)
            // A browser tells the site only where the way is safe: by TLS to a proxy, here.
            await connection.send(Self.page + "Sec-Fetch-Site: none\r\n\r\n")
            #expect(try await connection.answer()?.text.contains("<form") == true)
        }
    }

    @Test("a trusted proxy's word makes the cookie, the links and the address of the session")
    func trusted() async throws {
        let api = try await TestAPI()
        let finder = try Self.finder(trusting: "127.0.0.0/8")
        try await api.listen(hasPortal: true, client: finder) { server in
            let connection = try await server.connect()
            let said = "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
            await connection.send(Self.page + said + "\r\n")
            let page = try #require(try await connection.answer())
            #expect(page.status == 200)
            #expect(page.headers[.strictTransportSecurity] == "max-age=31536000")
            let origin = "Origin: https://vpn.example.com\r\n\r\n"
            await connection.send(Self.post + said + origin + Self.form)
            let signed = try #require(try await connection.answer())
            #expect(signed.status == 303)
            let cookie = try #require(signed.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-wgw=") && cookie.hasSuffix("; Secure"))
            let asking = "Host: vpn.example.com\r\nAuthorization: Bearer \(TestAPI.key)\r\n"
            await connection.send("GET /v2/sessions HTTP/1.1\r\n\(asking)\r\n")
            let sessions = try #require(try await connection.answer())
            #expect(sessions.text.contains(#""203.0.113.9""#))
            let length = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            await connection.send("POST /v2/sign_in_codes HTTP/1.1\r\n\(asking)\(said)\(length)")
            let link = try #require(try await connection.answer())
            #expect(link.text.contains("https://vpn.example.com/sign-in?code="), "\(link.text)")
        }
        #expect(api.log.lines.contains { $0.contains("client=203.0.113.9 ") })
    }

    @Test("a trusted proxy that does not say for whom it asks is told of once, in the log")
    func silentProxy() async throws {
        let api = try await TestAPI()
        let finder = try Self.finder(trusting: "127.0.0.0/8")
        try await api.listen(client: finder) { server in
            let connection = try await server.connect()
            let warned = { @Sendable in
                api.log.lines.filter { $0.contains("does not say for whom it asks") }.count
            }
            for (path, word, count) in [
                ("/healthz", "", 0), ("/v2/regions", "X-Forwarded-For: 203.0.113.9\r\n", 0),
                ("/v2/regions", "", 1), ("/v2/regions", "", 1),
            ] {
                await connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\(word)\r\n")
                _ = try #require(try await connection.answer())
                #expect(warned() == count, "\(path) \(word)")
            }
        }
    }

    @Test(
        "clients behind a trusted proxy do not use up each other's attempts, and others lie in vain"
    )
    func limits() async throws {
        for proxies in ["127.0.0.1", nil] {
            let api = try await TestAPI()
            let finder = try Self.finder(trusting: proxies)
            try await api.listen(hasPortal: true, client: finder) { server in
                let connection = try await server.connect()
                func guess(from address: String) async throws -> Int? {
                    await connection.send(
                        """
                        GET /v2/networks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer KEYguessed\r\n\
                        X-Forwarded-For: \(address)\r\n\r\n
                        """
                    )
                    return try await connection.answer()?.status
                }
                var last: Int?
                for _ in 0..<30 { last = try await guess(from: "203.0.113.9") }
                #expect(last == 429)
                #expect(try await guess(from: "203.0.113.10") == (proxies == nil ? 429 : 401))
            }
        }
    }

    @Test("answers by TLS tell browsers to come back by TLS only")
    func strict() async throws {
        let api = try await TestAPI()
        try await api.listen(tls: true) { server in
            let connection = try await server.connect()
            for path in ["/healthz", "/nothing", "/v2/networks"] {
                await connection.send("GET \(path) HTTP/1.1\r\nHost: vpn.example.com\r\n\r\n")
                let answer = try #require(try await connection.answer())
                #expect(answer.headers[.strictTransportSecurity] == "max-age=31536000", "\(path)")
            }
        }
    }
}
