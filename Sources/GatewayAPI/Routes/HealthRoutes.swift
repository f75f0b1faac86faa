import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import WireGuardCrypto

/// For load balancers and supervisors, outside `/v2` and without a key.
struct HealthRoutes {
    let readiness: Readiness

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(.get, "healthz", .showHealth) { _, _ in .json(["status": "ok"]) },
            Endpoint(.get, "readyz", .showReadiness, ready),
        ]
    }

    private func ready(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        let reasons = await readiness.reasons
        guard reasons.isEmpty else { throw Problem.unavailable(reasons) }
        return .json(["status": "ready", "cipher": .string("\(Cipher.current)")])
    }
}
