import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import OpenAPI

/// For load balancers and supervisors, outside `/v2` and without a key.
struct HealthRoutes {
    let readiness: Readiness

    var endpoints: [Endpoint<EdgeContext>] {
        [
            Endpoint(
                .get,
                "healthz",
                Operation(
                    id: "showHealth",
                    summary: "Whether this process answers.",
                    result: .json(Self.status("ok"))
                )
            ) { _, _ in .json(["status": "ok"]) },
            Endpoint(
                .get,
                "readyz",
                Operation(
                    id: "showReadiness",
                    summary: "Whether this process can do its work.",
                    result: .json(Self.status("ready")),
                    refusals: [503]
                ),
                ready
            ),
        ]
    }

    private static func status(_ word: String) -> Schema {
        .object("How it is.", ["status": .word("How it is.", [word])])
    }

    private func ready(_ request: Request, _ context: EdgeContext) async throws -> Answer {
        let reasons = await readiness.reasons
        guard reasons.isEmpty else { throw Problem.unavailable(reasons) }
        return .json(["status": "ready"])
    }
}
