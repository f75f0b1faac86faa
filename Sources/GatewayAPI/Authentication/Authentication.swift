import GatewayService
import HTTPEdge
import Hummingbird

/// One way in which a request can show who sent it. Behind it there is only the `Caller`: no verb and
/// no route knows how it was found.
protocol Authentication: Sendable {
    /// - Returns: nil where the request carries no credentials of this kind.
    /// - Throws: where it does, and they are wrong.
    func caller(of request: Request, _ context: EdgeContext) async throws -> Caller?
}
