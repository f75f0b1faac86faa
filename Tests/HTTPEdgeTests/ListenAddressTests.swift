import HTTPEdge
import Hummingbird
import Logging
import ServiceLifecycle
import Testing

@Suite("Listener", .timeLimit(.minutes(10)))
struct ListenAddressTests {
    @Test("the listener tells its port, and a second listener on that port says that it is taken")
    func busyPort() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let first = try listener(port: 0) { port in
            continuation.yield(port)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [first], logger: quiet)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            #expect(port != 0)
            let second = try listener(port: port)
            await #expect(throws: ListenError.addressInUse(host: "127.0.0.1", port: port)) {
                try await second.run()
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("the listener refuses an address of another host")
    func foreignAddress() async throws {
        let listener = try listener(host: "203.0.113.1", port: 0)
        await #expect(throws: ListenError.addressNotHere(host: "203.0.113.1", port: 0)) {
            try await listener.run()
        }
    }

    private func listener(
        host: String = "127.0.0.1",
        port: Int,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> Listener {
        try Listener(
            router: Router(context: EdgeContext.self),
            host: host,
            port: port,
            connections: ConnectionTable(),
            writeRefusal: { ("text/plain", "\($0)") },
            logger: quiet,
            onListening: onListening
        )
    }

    private var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}
