import GatewayBodies
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// For load balancers and supervisors, outside `/v2` and without a key.
struct HealthRoutes {
    let isReady: @Sendable () async -> Bool

    var endpoints: [Endpoint<APIContext>] {
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

    private func ready(_ request: Request, _ context: APIContext) async throws -> Answer {
        guard await isReady() else { throw Problem.unavailable }
        return .json(["status": "ready"])
    }
}
