import HTTPTypes
import Testing

@Suite("The last answer of a connection", .timeLimit(.minutes(1)))
struct LastAnswerTests {
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
