import GatewayAPI
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Logging
import Testing

@Suite("The server on a socket", .timeLimit(.minutes(10)))
struct ListenerTests {
    @Test("the listener answers over TCP, one request after another on one connection")
    func smoke() async throws {
        let api = try await TestAPI()
        let listener = try api.listener(logger: quiet)
        try await listener.application.test(.live) { transport in
            let client = TestClient(transport: transport, key: TestAPI.key)
            let network = try await client.network()
            #expect(try await client.get("/v2/networks/\(network)").status == 200)
            let head = try await client.send(.head, "/v2/networks")
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
            let tooLarge = String(repeating: "x", count: 2 << 20)
            #expect(try await client.post("/v2/networks", tooLarge).status == 413)
            #expect(try await client.with(key: nil).get("/v2/networks").status == 401)
            #expect(try await client.delete("/v2/networks/\(network)").status == 200)
        }
    }

    private var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}
