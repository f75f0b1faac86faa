import HTTPTypes
import Testing

/// Java's HttpClient and `curl --http2` ask for HTTP/2 with every first request.
@Suite("A request to change the protocol", .timeLimit(.minutes(1)))
struct UpgradeTests {
    @Test(
        "a request to upgrade the protocol is answered like any other, and so are the next ones",
        arguments: Kind.allCases,
        [false, true]
    )
    func sendsOn(kind: Kind, tls: Bool) async throws {
        try await TestAPI().listen(tls: tls) { api in
            let connection = try await api.connect()
            await connection.send(kind.request)
            let first = try #require(try await connection.answer())
            #expect(first.status == kind.status, "\(first.text)")
            #expect(first.headers[.upgrade] == nil)
            guard kind.goesOn else {
                #expect(first.headers[.connection] == "close")
                await connection.send(Self.next)
                #expect(await connection.rest() == "")
                return
            }
            for _ in 0..<3 {
                await connection.send(Self.next)
                #expect(try await connection.answer()?.status == 200)
            }
            // Again on the same connection, the next request right behind it.
            await connection.send(kind.request + Self.next)
            #expect(try await connection.answer()?.status == kind.status)
            #expect(try await connection.answer()?.status == 200)
        }
    }

    @Test(
        "a change stream requested with a protocol upgrade is followed like any other",
        arguments: [false, true]
    )
    func changeStream(tls: Bool) async throws {
        let api = try await TestAPI()
        try await api.listen(tls: tls) { listening in
            let connection = try await listening.connect()
            await connection.send(
                "GET /v2/changes HTTP/1.1\r\n\(Self.key)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            )
            #expect(try await connection.headOfStream().hasPrefix("HTTP/1.1 200"))
            #expect(try await connection.chunk()?.contains("heartbeat") == true)
            // What comes meanwhile waits.
            await connection.send(Self.next)
            let other = try await listening.connect()
            await other.send(Kind.post.request)
            #expect(try await other.answer()?.status == 200)
            #expect(try await connection.chunk()?.contains("network.created") == true)
        }
    }

    static let key = "Host: localhost\r\nAuthorization: Bearer \(TestAPI.key)\r\n"
    static let next = "GET /v2/networks HTTP/1.1\r\n\(key)\r\n"

    enum Kind: CaseIterable, Sendable {
        case h2c, java, curl, manyWords, post, chunkedPost, websocket, connect, preface,
            oddSpelling,
            nameless

        var request: String {
            switch self {
            case .h2c:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            case .java:
                "GET /v2/networks HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Content-Length: 0\r\n\(key)HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n"
                    + "Upgrade: h2c\r\nUser-Agent: Java-http-client/17\r\n\r\n"
            case .curl:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"
            case .manyWords:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: keep-alive,uPGRADE ,TE\r\n"
                    + "UPGRADE: a/1, b\r\n\r\n"
            case .post:
                "POST /v2/networks HTTP/1.1\r\n\(key)Connection: Upgrade\r\nUpgrade: h2c\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n"
                    + #"{"name":"n"}"#
            case .chunkedPost:
                "POST /v2/networks HTTP/1.1\r\n\(key)Connection: Upgrade\r\nUpgrade: h2c\r\n"
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "c\r\n\(#"{"name":"n"}"#)\r\n0\r\n\r\n"
            case .websocket:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n\r\n"
            case .connect: "CONNECT example.com:443 HTTP/1.1\r\n\(key)\r\n"
            case .preface: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            case .oddSpelling:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: \tupgrade\t\r\nUpgrade: h2c\r\n\r\n"
            case .nameless:
                "GET /v2/networks HTTP/1.1\r\n\(key)Connection: upgrade\r\nUpgrade:\r\n\r\n"
            }
        }

        var status: Int {
            switch self {
            case .preface: 400
            case .connect: 404
            default: 200
            }
        }

        /// Whether the connection serves the next request, too.
        var goesOn: Bool {
            switch self {
            case .connect, .preface, .oddSpelling, .nameless: false
            default: true
            }
        }
    }
}
