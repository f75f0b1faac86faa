import APIContract
import GatewayService
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// How everything does.
struct OverviewRoutes {
    let controlPlane: ControlPlane

    var endpoints: [Endpoint<CallerContext>] {
        [Endpoint(.get, "overview", .showOverview, show)]
    }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .object(try await controlPlane.overview(by: context.caller).json)
    }
}
