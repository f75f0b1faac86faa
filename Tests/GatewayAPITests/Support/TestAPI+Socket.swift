import GatewayAPI
import GatewayDomain
import HTTPEdge
import LogTestSupport
import Logging
import NIOCore
import NodeAPI
import Portal
import RateLimiting
import ServiceLifecycle
import TestSupport
import Testing

/// The API on a socket of its own.
struct ListeningAPI: Sendable {
    let port: Int
    let isTLS: Bool
    /// Begins to stop it, as SIGTERM does, and waits for nothing.
    let beginStop: @Sendable () async -> Void

    /// - Parameter receiveBuffer: bytes that the system takes ahead of the test; nil for its own choice.
    func connect(receiveBuffer: Int? = nil) async throws -> RawConnection {
        try await RawConnection(port: port, tls: isTLS, receiveBuffer: receiveBuffer)
    }
}

extension TestAPI {
    /// Listens while the test runs.
    func listen(
        tls: Bool = false,
        rateLimit: RateLimit? = nil,
        heartbeat: Duration = .seconds(15),
        hasPortal: Bool = false,
        client: FindClient? = nil,
        _ test: @Sendable @escaping (ListeningAPI) async throws -> Void
    ) async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let listener = try listener(
            tls: tls ? try Self.identity() : nil,
            rateLimit: rateLimit,
            heartbeat: heartbeat,
            hasPortal: hasPortal,
            client: client,
            logger: Logger(label: "test") { _ in log.handler() }
        ) { port in listening.yield(port) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [listener],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            do {
                try await test(
                    ListeningAPI(port: port, isTLS: tls) { await group.triggerGracefulShutdown() }
                )
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// On any free port of the loopback interface.
    func listener(
        tls: TLSFiles? = nil,
        rateLimit: RateLimit? = nil,
        heartbeat: Duration = .seconds(15),
        hasPortal: Bool = false,
        client: FindClient? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> Listener {
        let connections = ConnectionTable()
        let api = APIRouter(
            controlPlane: controlPlane,
            connections: connections,
            limiter: rateLimit.map { RateLimiter($0) },
            heartbeat: heartbeat,
            client: client ?? FindClient(isTLS: tls != nil)
        )
        let portal = Portal(controlPlane: controlPlane)
        let nodes = NodeAPI(
            controlPlane: controlPlane,
            connections: connections,
            heartbeat: heartbeat
        )
        return try Listener(
            router: api.router {
                (hasPortal ? portal.routes($0) : .none).adding(nodes.routes)
            },
            host: "127.0.0.1",
            port: 0,
            tls: tls,
            connections: connections,
            writeRefusal: APIRouter.write,
            logger: logger,
            onListening: onListening
        )
    }

    /// Made for this test and published with it.
    private static func identity() throws -> TLSFiles {
        let certificate = try TemporaryFile(certificate, suffix: ".pem")
        let key = try TemporaryFile(privateKey, suffix: ".pem")
        defer { withExtendedLifetime((certificate, key)) {} }
        return try TLSFiles(certificatePath: certificate.path, keyPath: key.path)
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgDCCASWgAwIBAgIUEK4BVt6buS3dxKxsD2WLTRXxqXswCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjAyMzc1NFoYDzIxMjYxMTAy
        MDIzNzU0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAR2hgUfdcCMRS3UuVO+vbCr6M/lmXeew3BOnEucf1bZrfDNFox9Y/10
        uQ2CtvAQJxJMZBDx4NY+iYocS80xTHVbo1MwUTAdBgNVHQ4EFgQUow25QAzaxq+b
        2XuZpvzP+PlinAQwHwYDVR0jBBgwFoAUow25QAzaxq+b2XuZpvzP+PlinAQwDwYD
        VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA/J5t9oz0X9eTDJuGQab/
        oFpkvDMAftQQT3rBq4W5bYsCIQDCAA5erFHLjMwCq/DALzRqDBznCl7OB6UEWv9u
        YwFC1g==
        -----END CERTIFICATE-----

        """

    private static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgw7IzoE8dZw0ymxbp
        P8xMmW9MKBpQQwfE+GQ48wRqkaShRANCAAR2hgUfdcCMRS3UuVO+vbCr6M/lmXee
        w3BOnEucf1bZrfDNFox9Y/10uQ2CtvAQJxJMZBDx4NY+iYocS80xTHVb
        -----END PRIVATE KEY-----

        """
}
