import GatewayAPI
import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LogTestSupport
import Logging
import Portal
import ServiceTestSupport
import Testing

/// The portal beside the API, asked without a socket.
enum TestPortal {
    static func run(
        as visitor: Visitor? = nil,
        _ test: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let fixture = try await ServiceFixture()
        let portal = Portal(visitor: { _, _ in visitor })
        let application = Application(
            router: APIRouter(controlPlane: fixture.controlPlane).router(beside: portal.routes),
            logger: Logger(label: "test") { _ in CapturedLog().handler() }
        )
        try await application.test(.router, test)
    }

    static func value<Value: Sendable>(
        as visitor: Visitor?,
        _ read: @escaping @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let (values, continuation) = AsyncStream.makeStream(of: Value.self)
        try await run(as: visitor) { continuation.yield(try await read($0)) }
        continuation.finish()
        return try #require(await values.first { _ in true })
    }

    /// What the paths of assets begin with, as a page names it.
    static func assets(_ client: any TestClientProtocol) async throws -> String {
        let page = try await client.get("/nothing", [.accept: "text/html"])
        let style = try #require(
            String(buffer: page.body).firstMatch(of: /href="(\S+)\/style\.css"/)
        )
        return String(style.output.1)
    }
}

extension TestClientProtocol {
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await execute(uri: path, method: .get, headers: headers)
    }

    func head(_ path: String) async throws -> TestResponse {
        try await execute(uri: path, method: .head)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
}
