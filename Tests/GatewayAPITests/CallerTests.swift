import GatewayService
import HTTPEdge
import Hummingbird
import HummingbirdTesting
import Testing

@testable import GatewayAPI

@Suite("Callers")
struct CallerTests {
    @Test("a route serves the caller that any authentication finds, without a key in the request")
    func otherAuthentication() async throws {
        let api = try await TestAPI()
        let caller = try #require(try await api.controlPlane.authenticate(bearer: TestAPI.key))
        let requireCaller = RequireCaller(
            authentication: Fixed(found: caller),
            connections: ConnectionTable(),
            limiter: nil
        )
        let router = Router(context: EdgeContext.self)
        router.group("v2").add(
            NetworkRoutes(controlPlane: api.controlPlane).endpoints,
            for: requireCaller
        )
        try await Application(router: router).test(.router) { transport in
            let client = TestClient(transport: transport, key: nil)
            let network = try await client.network()
            #expect(try await client.get("/v2/networks/\(network)").status == 200)
        }
    }

    /// Finds the same caller in every request.
    private struct Fixed: Authentication {
        let found: Caller

        func caller(of request: Request, _ context: EdgeContext) -> Caller? { found }
    }
}
