import HTTPTypes
import NIOCore
import Testing

@testable import GatewayAPI

@Suite("The last answer of a connection", .timeLimit(.minutes(1)))
struct LastAnswerTests {
    @Test("a connection's last answer goes out before it is closed, however slowly it is read")
    func slowReader() throws {
        let connection = try EmbeddedConversation()
        try connection.receive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        connection.holdWrites()
        try connection.answer()
        // Hummingbird, too, closes behind it.
        connection.endOutput()
        connection.wait(.minutes(1))
        #expect([connection.hasClosedOutput, connection.hasClosed] == [false, false])
        connection.releaseWrites()
        #expect([connection.hasClosedOutput, connection.hasClosed] == [true, false])
        connection.wait(ConnectionLimits().linger)
        #expect(connection.hasClosed)
    }

    @Test(
        "a body that goes on behind its answer ends the connection, in small chunks or large",
        arguments: [1, 8_000]
    )
    func endlessBody(chunk: Int) throws {
        let connection = try EmbeddedConversation()
        try connection.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        try connection.answer()
        let size = String(chunk, radix: 16)
        let text = "\(size)\r\n\(String(repeating: "x", count: chunk))\r\n"
        try connection.receive(String(repeating: text, count: 10))
        #expect(!connection.hasClosedOutput, "what was under way is taken")
        for _ in 0..<2_000 where !connection.hasClosedOutput {
            try connection.receive(String(repeating: text, count: 10))
        }
        #expect(connection.hasClosedOutput)
    }

    @Test("a connection's last answer goes out before the server closes its side")
    func serverEnds() throws {
        let connection = try EmbeddedConversation()
        try connection.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.holdWrites()
        try connection.answer()
        connection.endOutput()
        #expect(!connection.hasClosedOutput)
        connection.releaseWrites()
        #expect(connection.hasClosedOutput)
    }

    @Test(
        "a connection's last answer is whole for a client that has closed its side and reads slowly",
        arguments: [false, true],
        ["", "Connection: close\r\n"]
    )
    func halfClosed(tls: Bool, field: String) async throws {
        try await TestAPI().listen(tls: tls) { api in
            let connection = try await api.connect(receiveBuffer: 4 << 10)
            await connection.send("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
            await connection.endSending()
            let answer = try #require(try await connection.answer())
            #expect(answer.text.hasSuffix("}"))
            #expect(await connection.rest() == "")
        }
    }
}
