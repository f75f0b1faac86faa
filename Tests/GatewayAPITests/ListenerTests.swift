import GatewayAPI
import HTTPTypes
import HummingbirdTesting
import JSON
import Logging
import ServiceLifecycle
import Testing

@Suite("The server on a socket", .timeLimit(.minutes(10)))
struct ListenerTests {
    @Test("the listener answers over TCP, one request after another on one connection")
    func smoke() async throws {
        let api = try await TestAPI()
        let listener = try Server(services: api.services)
            .listener(host: "127.0.0.1", port: 0, logger: quiet)
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

    @Test("the listener tells its port, and a second listener on that port says that it is taken")
    func busyPort() async throws {
        let api = try await TestAPI()
        let server = Server(services: api.services)
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let first = try server.listener(host: "127.0.0.1", port: 0, logger: quiet) { port in
            continuation.yield(port)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [first], logger: quiet)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            #expect(port != 0)
            let second = try server.listener(host: "127.0.0.1", port: port, logger: quiet)
            await #expect(throws: ListenError.addressInUse(host: "127.0.0.1", port: port)) {
                try await second.run()
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("the listener refuses an address of another host")
    func foreignAddress() async throws {
        let api = try await TestAPI()
        let listener = try Server(services: api.services)
            .listener(host: "203.0.113.1", port: 0, logger: quiet)
        await #expect(throws: ListenError.addressNotHere(host: "203.0.113.1", port: 0)) {
            try await listener.run()
        }
    }

    private var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}
