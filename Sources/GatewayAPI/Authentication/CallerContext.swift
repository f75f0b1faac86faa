import GatewayDomain
import GatewayService
import HTTPEdge
import Hummingbird
import NIOCore

/// What a route under `/v2` works with. It is made with a caller only, so no route can be reached
/// without one.
struct CallerContext: Sendable {
    let caller: Caller
    let channel: any Channel
    /// From the path.
    let parameters: Parameters
}

extension CallerContext {
    /// The address of the other end: a client's, or a proxy's.
    var source: String { channel.remoteAddress?.ipAddress ?? "unknown" }

    /// The id in the path. A text that is not an id names no object.
    func identifier<Kind>() throws -> Identifier<Kind> {
        guard let id = parameters.get("id").flatMap({ Identifier<Kind>($0) }) else {
            throw Problem.notFound
        }
        return id
    }
}
