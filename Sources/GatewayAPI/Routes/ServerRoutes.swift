import APIContract
import GatewayDomain
import GatewayService
import Hummingbird
import HummingbirdCore

/// What a client may want to know before it blames the server: its version and its clock; and what it
/// is made of.
struct ServerRoutes {
    let program: RunningServer.Program

    var endpoints: [Endpoint<CallerContext>] { [Endpoint(.get, "server", .showServer, show)] }

    private func show(_ request: Request, _ context: CallerContext) async throws -> Answer {
        .object(RunningServer(program, time: .now()).json)
    }
}
