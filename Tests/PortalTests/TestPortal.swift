import GatewayAPI
import GatewayDomain
import GatewayService
import GatewayStore
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LogTestSupport
import Logging
import NIOCore
import Portal
import ServiceTestSupport
import Testing

/// The portal beside the API, asked without a socket.
struct TestPortal: Sendable {
    static let key = "KEYtestTESTtestTESTtestTEST"
    static let admin: HTTPFields = [.authorization: "Bearer \(key)"]

    let controlPlane: ControlPlane
    let clock: SteppingClock
    let client: any TestClientProtocol
    let routes: [TestRoute]
    let log: CapturedLog

    /// - Parameters:
    ///   - finder: finds out who is at the other end; the router's requests come from no address.
    ///   - store: nil for one in memory.
    static func run(
        behind finder: FindClient = FindClient(),
        on store: Store? = nil,
        _ test: @escaping @Sendable (TestPortal) async throws -> Void
    ) async throws {
        let fixture = try await ServiceFixture(store: store, firstKey: key)
        let controlPlane = fixture.controlPlane
        let log = CapturedLog()
        let router = APIRouter(
            controlPlane: controlPlane,
            limiter: nil,
            showsPeers: true,
            client: finder,
            pages: LinkPages(share: SharePage.text, errors: ErrorPage.response)
        ).router(beside: Portal(controlPlane: controlPlane).routes)
        let routes = router.routes.map {
            TestRoute(method: $0.method, path: $0.path.description)
        }
        let application = Application(
            router: router,
            logger: Logger(label: "test") { _ in log.handler() }
        )
        try await application.test(.router) { client in
            try await test(
                TestPortal(
                    controlPlane: controlPlane,
                    clock: fixture.clock,
                    client: client,
                    routes: routes,
                    log: log
                )
            )
        }
    }

    /// As a program: with JSON.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        _ headers: HTTPFields = TestPortal.admin
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await client.execute(
            uri: path,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
    }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await client.execute(uri: path, method: .get, headers: headers)
    }

    func head(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
        try await client.execute(uri: path, method: .head, headers: headers)
    }

    /// As a form of a page of this server.
    func post(
        _ path: String,
        _ form: String = "",
        _ headers: HTTPFields = [.fetchSite: "same-origin"]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers[.accept] = "text/html"
        return try await client.execute(
            uri: path,
            method: .post,
            headers: headers,
            body: ByteBuffer(string: form)
        )
    }

    /// The cookie of a new session with an API key.
    func cookie(of key: String = key) async throws -> HTTPFields {
        let answer = try await post("/sign-in", "api_key=\(key)")
        #expect(answer.status == .seeOther, "\(answer.text)")
        return [.cookie: try #require(answer.cookie)]
    }

    /// That of a session with a new API key.
    func cookie(named name: String, _ members: String) async throws -> HTTPFields {
        let answer = try await client.execute(
            uri: "/v2/api_keys",
            method: .post,
            headers: [
                .authorization: "Bearer \(Self.key)", .contentType: "application/json",
            ],
            body: ByteBuffer(string: #"{"name":"\#(name)",\#(members)}"#)
        )
        let key = try #require(answer.text.firstMatch(of: /"api_key":"(\w+)"/), "\(answer.text)")
        return try await cookie(of: String(key.output.1))
    }

    /// What the paths of assets begin with, as a page names it.
    func assets() async throws -> String {
        let page = try await get("/nothing", [.accept: "text/html"])
        let style = try #require(page.text.firstMatch(of: /href="(\S+)\/style\.css"/))
        return String(style.output.1)
    }

    /// The ids of all operations of the document.
    func operations() async throws -> [String] {
        let document = try await get("/openapi.json").text
        return document.matches(of: /"operationId":\s*"([^"]+)"/).map { String($0.output.1) }
    }
}

/// A line of the table of routes.
struct TestRoute: Sendable {
    let method: HTTPRequest.Method
    /// As the document writes it: `/v2/networks/{id}`.
    let path: String

    var isReading: Bool { method == .get || method == .head }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    /// What a browser sends of the cookie that it gets.
    var cookie: String? {
        headers[.setCookie].flatMap { $0.split(separator: ";").first.map(String.init) }
    }
}

extension HTTPField.Name {
    static let fetchSite = HTTPField.Name.known("sec-fetch-site")
}
