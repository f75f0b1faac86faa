import HTTPEdge
import HTTPTypes
import JSON
import Testing

@testable import GatewayAPI

/// RFC 9110 and RFC 9112, said to a socket byte by byte.
@Suite("HTTP", .timeLimit(.minutes(1)))
struct HTTPRulesTests {
    @Test(
        "a request without a Host, with two or with a malformed one is refused and its connection closed"
    )
    func host() async throws {
        try await TestAPI().listen { api in
            for fields in [
                "", "Host: a\r\nHost: a\r\n", "Host: a\r\nhOST: b\r\n", "Host: a b\r\n",
                "Host: a/b\r\n", "Host: user@a\r\n", "Host: a, b c\r\n",
            ] {
                let connection = try await api.connect()
                await connection.send("GET /healthz HTTP/1.1\r\n\(fields)\r\n")
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 400, "\(fields)")
                #expect(answer.text.contains("Host field"))
                #expect(answer.text.contains(#""code":"10015""#))
                #expect(answer.headers[.connection] == "close")
                #expect(answer.headers[.requestID]?.isEmpty == false)
                #expect(await connection.rest() == "")
            }
            for fields in ["Host:\r\n", "Host: [::1]:8080\r\n", "Host: a-b.example:1\r\n"] {
                let connection = try await api.connect()
                await connection.send("GET /healthz HTTP/1.1\r\n\(fields)\r\n")
                #expect(try await connection.answer()?.status == 200, "\(fields)")
            }
        }
    }

    @Test(
        "a body whose length is ambiguous is refused, and its connection closed"
    )
    func framing() async throws {
        try await TestAPI().listen { api in
            let hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            for (status, fields) in [
                (400, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"),
                (400, "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"),
                (400, "Content-Length: 2\r\nContent-Length: 3\r\n"),
                (400, "Content-Length: 2\r\nContent-Length: 2\r\n"),
                (400, "Content-Length: 2, 2\r\n"), (400, "Content-Length: +2\r\n"),
                (400, "Content-Length: -2\r\n"), (400, "Content-Length: 0x2\r\n"),
                (400, "Content-Length:\r\n"), (400, "Content-Length : 2\r\n"),
                (400, "Content-Length: 2\r\n folded\r\n"),
                (400, "Transfer-Encoding: chunked, gzip\r\n"),
                (400, "Transfer-Encoding: gzip\r\n"), (400, "Transfer-Encoding: identity\r\n"),
                (400, "Transfer-Encoding: chunked, chunked\r\n"),
                (400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                (400, "Transfer-Encoding: xchunked\r\n"),
                (400, "Transfer-Encoding:\u{b}chunked\r\n"),
                (501, "Transfer-Encoding: gzip, chunked\r\n"),
                (501, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
                (400, "X: a\rContent-Length: 2\r\n"), (400, "X: a\0b\r\n"), (400, "X y: z\r\n"),
            ] {
                let connection = try await api.connect()
                await connection.send(
                    "POST /v2/networks HTTP/1.1\r\nHost: a\r\n\(fields)\r\n0\r\n\r\n\(hidden)"
                )
                let answer = try #require(try await connection.answer())
                #expect(answer.status == status, "\(fields) \(answer.text)")
                #expect(answer.text.hasPrefix(#"{"errors":[{"code":"10015""#), "\(fields)")
                #expect(answer.headers[.connection] == "close", "\(fields)")
                #expect(await connection.rest() == "", "\(fields)")
            }
        }
    }

    @Test(
        "an HTTP/1.0 connection ends with the answer, unless the client asks to keep it",
        arguments: [false, true]
    )
    func oldVersion(tls: Bool) async throws {
        try await TestAPI().listen(tls: tls) { api in
            let once = try await api.connect()
            await once.send("GET /healthz HTTP/1.0\r\n\r\n")
            let last = try #require(try await once.answer())
            #expect(last.status == 200)
            #expect(last.headers[.connection] == "close")
            #expect(await once.rest() == "")

            let kept = try await api.connect()
            for _ in 0..<2 {
                await kept.send(
                    "GET /v2/networks HTTP/1.0\r\n\(Self.key)Connection: keep-alive\r\n\r\n"
                )
                let answer = try #require(try await kept.answer())
                #expect(answer.status == 200)
                #expect(answer.headers[.transferEncoding] == nil)
                #expect(answer.headers[.connection] == "keep-alive")
            }
            await kept.send("GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
            #expect(try await kept.answer()?.status == 400)
            #expect(await kept.rest() == "")
        }
    }

    @Test("an HTTP/1.0 client gets a stream without chunks, until the connection closes")
    func oldStream() async throws {
        try await TestAPI().listen { api in
            let connection = try await api.connect()
            await connection.send(
                "GET /v2/changes?follow=false HTTP/1.0\r\n\(Self.key)Connection: keep-alive\r\n\r\n"
            )
            let answer = try #require(try await connection.answer())
            #expect(answer.status == 200)
            #expect(answer.headers[.transferEncoding] == nil)
            #expect(answer.headers[.connection] == "close")
            #expect(answer.text.hasPrefix(#"{"record_type":"heartbeat""#))
        }
    }

    @Test("a connection is closed when its client asks for that, however it spells it")
    func close() async throws {
        try await TestAPI().listen { api in
            for spelling in ["close", "Close", "TE, close", "keep-alive, close"] {
                let connection = try await api.connect()
                await connection.send(
                    "GET /v2/networks HTTP/1.1\r\n\(Self.key)Connection: \(spelling)\r\n\r\n"
                )
                let answer = try #require(try await connection.answer())
                #expect(answer.status == 200)
                #expect(answer.headers[.connection] == "close", "\(spelling)")
                #expect(await connection.rest() == "")
            }
        }
    }

    @Test("a HEAD request is answered without a body, also where the body has no length")
    func head() async throws {
        try await TestAPI().listen { api in
            let connection = try await api.connect()
            for path in ["/v2/changes", "/v2/networks", "/nothing", "/v2/changes?follow=false"] {
                await connection.send("HEAD \(path) HTTP/1.1\r\n\(Self.key)\r\n")
                #expect(try await connection.answer(toHead: true) != nil)
                await connection.send("GET /healthz HTTP/1.1\r\n\(Self.key)\r\n")
                #expect(try await connection.answer()?.status == 200, "\(path)")
            }
        }
    }

    @Test("a HEAD request that breaks a rule of HTTP is answered without a body")
    func refusedHead() async throws {
        try await TestAPI().listen { api in
            for fields in ["", "Host: a b\r\n", "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n"] {
                let connection = try await api.connect()
                await connection.send("HEAD /healthz HTTP/1.1\r\n\(fields)\r\n")
                let answer = try #require(try await connection.answer(toHead: true))
                #expect([400, 501].contains(answer.status))
                #expect(answer.headers[.contentLength] != "0")
                #expect(await connection.rest() == "")
            }
        }
    }

    @Test(
        "100 Continue is sent when the body is going to be read, and only then",
        arguments: [false, true]
    )
    func expectation(tls: Bool) async throws {
        let body = #"{"name":"n"}"#
        try await TestAPI().listen(tls: tls) { api in
            func head(_ key: String, _ length: Int, _ expectation: String) -> String {
                "POST /v2/networks HTTP/1.1\r\n\(key)Content-Type: application/json\r\n"
                    + "Content-Length: \(length)\r\nExpect: \(expectation)\r\n\r\n"
            }
            let connection = try await api.connect()
            for expectation in ["100-continue", "100-Continue"] {
                await connection.send(head(Self.key, body.utf8.count, expectation))
                #expect(try await connection.answer()?.status == 100)
                await connection.send(body)
                #expect(try await connection.answer()?.status == 200)
            }
            for (key, length, expectation, status) in [
                ("Host: a\r\n", 10, "100-continue", 401),
                (Self.key, 2 << 20, "100-continue", 413), (Self.key, 10, "miracles", 417),
                (Self.key, 10, "100-continue, miracles", 417),
            ] {
                let refused = try await api.connect()
                await refused.send(head(key, length, expectation))
                let answer = try #require(try await refused.answer())
                #expect(answer.status == status)
                // Whether the body follows is not known.
                #expect(answer.headers[.connection] == "close")
                #expect(await refused.rest() == "")
            }
            let old = try await api.connect()
            await old.send(
                "POST /v2/networks HTTP/1.0\r\n\(Self.key)Content-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            #expect(try await old.answer()?.status == 200)
        }
    }

    @Test("a body in a content coding is refused with the coding's name and what to send")
    func contentCoding() async throws {
        try await TestAPI.run { client in
            for coding in ["gzip", "deflate", "br", "identity, gzip"] {
                let answer = try await client.send(
                    .post,
                    "/v2/networks",
                    [0x1f, 0x8b, 8, 0],
                    headers: [.contentEncoding: coding]
                )
                #expect(answer.status == 415)
                #expect(try answer.problems == ["10029"])
                #expect(answer.text.contains("'\(coding)'"))
                #expect(answer.headers[.acceptEncoding] == "identity")
            }
            let plain = try await client.send(
                .post,
                "/v2/networks",
                Array(#"{"name":"n"}"#.utf8),
                headers: [.contentEncoding: "Identity"]
            )
            #expect(plain.status == 200)
        }
    }

    static let key = UpgradeTests.key
}
