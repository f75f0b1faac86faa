import GatewayBodies
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// For load balancers and supervisors, outside `/v2` and without a key.
struct HealthRoutes {
    let isReady: @Sendable () async -> Bool

    var endpoints: [Endpoint<APIContext>] {
        [
            Endpoint(.get, "healthz") { _, _ in .json(["status": "ok"]) },
            Endpoint(.get, "readyz", ready),
        ]
    }

    private func ready(_ request: Request, _ context: APIContext) async throws -> Answer {
        guard await isReady() else { throw Problem.unavailable }
        return .json(["status": "ready"])
    }
}
