import GatewayAPI
import HTTPTypes
import JSON
import Testing

/// What one client does to the others.
@Suite("A client", .timeLimit(.minutes(1)))
struct FairnessTests {
    @Test("a client without an API key that sends requests ahead gets one answer, and is closed")
    func stranger() async throws {
        try await TestAPI().listen { api in
            for path in ["/v2/networks", "/healthz"] {
                let connection = try await api.connect()
                let request = "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
                await connection.send(String(repeating: request, count: 200))
                #expect(try await connection.answer()?.headers[.connection] == "close")
                #expect(await connection.rest() == "")
                // One after the other does no harm.
                let patient = try await api.connect()
                for _ in 0..<50 {
                    await patient.send(request)
                    #expect(try await patient.answer()?.headers[.connection] == nil)
                }
            }
        }
    }

    @Test(
        "a client with an API key may send requests ahead, and gets the answers in their order",
        arguments: [false, true]
    )
    func ahead(tls: Bool) async throws {
        try await TestAPI().listen(tls: tls) { api in
            let connection = try await api.connect()
            let request = { (size: Int) in
                "GET /v2/networks?page[size]=\(size) HTTP/1.1\r\n\(UpgradeTests.key)\r\n"
            }
            await connection.send((1...200).map(request).joined())
            for size in 1...200 {
                #expect(
                    try await connection.answer()?.text.contains(#""page_size":\#(size),"#) == true
                )
            }
            // Half of the next one came with the last piece.
            let next = request(7)
            await connection.send(request(6) + next.prefix(20))
            #expect(try await connection.answer()?.status == 200)
            await connection.send(String(next.dropFirst(20)))
            #expect(try await connection.answer()?.status == 200)
        }
    }

    @Test(
        "a client that has closed its side behind its requests gets all answers, and then is closed"
    )
    func halfClosed() async throws {
        try await TestAPI().listen { api in
            let connection = try await api.connect()
            let request = "GET /v2/networks HTTP/1.1\r\n\(UpgradeTests.key)\r\n"
            await connection.send(request + request + request + "GET /v2/changes HTTP/1.1\r\n")
            await connection.endSending()
            for _ in 0..<3 { #expect(try await connection.answer()?.status == 200) }
            #expect(try await connection.answer()?.status == 400)
            #expect(await connection.rest() == "")
        }
    }

    @Test(
        "a client that leaves its change streams may open others at once",
        arguments: [false, true]
    )
    func leavesStreams(tls: Bool) async throws {
        let api = try await TestAPI()
        try await api.listen(tls: tls, heartbeat: .seconds(3_600)) { listening in
            let request = "GET /v2/changes HTTP/1.1\r\n\(UpgradeTests.key)\r\n"
            func follow() async throws -> (RawConnection, Int) {
                let connection = try await listening.connect()
                await connection.send(request)
                let head = try await connection.headOfStream()
                return (connection, try #require(Int(head.split(separator: " ")[1])))
            }
            for _ in 0..<3 {
                var followers: [RawConnection] = []
                for _ in 0..<16 {
                    // The place of the last round's client is free as soon as its end has come here.
                    var (follower, status) = try await follow()
                    while status == 429 { (follower, status) = try await follow() }
                    #expect(status == 200)
                    followers.append(follower)
                }
                #expect(try await follow().1 == 429)
                for follower in followers { await follower.close() }
            }
        }
    }

    @Test("header names of a client that are too long are refused before they are looked at")
    func longNames() async throws {
        try await TestAPI.run { client in
            for text in [
                "x" + String(repeating: " ", count: 1_000_000),
                "x" + String(repeating: "\\n", count: 500_000),
                String(repeating: "\\u0020", count: 170_000) + "x",
                String(repeating: "e\u{301}", count: 300_000),
            ] {
                let answer = try await client.post("/v2/networks", #"{"name":"\#(text)"}"#)
                #expect(answer.status == 422)
                #expect(try answer.problems == ["10025 /name"])
            }
        }
    }
}
