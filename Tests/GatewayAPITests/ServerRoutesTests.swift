import GatewayAPI
import JSON
import Testing

@Suite("The server's version and clock over HTTP")
struct ServerRoutesTests {
    @Test("the server tells any caller its version and its time")
    func server() async throws {
        try await TestAPI.run { client in
            let answer = try await client.get("/v2/server")
            #expect(answer.status == 200)
            let server = try answer.data
            #expect(isTimestamp(server["time"]))
            #expect(
                server.masking("time") == [
                    "record_type": "server", "version": "0.0.0", "time": "*",
                    "commit": "unknown", "licenses": [],
                ]
            )
        }
    }
}
