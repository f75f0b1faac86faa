import GatewayDomain
import GatewayService
import HTTPEdge
import Hummingbird
import NIOCore

/// What a route under `/v2` works with. It is made with a caller only, so no route can be reached
/// without one.
struct CallerContext: Sendable {
    let caller: Caller
    let client: ClientEnd
    let channel: any Channel
    /// From the path.
    let parameters: Parameters
}

extension CallerContext {
    /// The id in the path. A text that is not an id names no object.
    func identifier<Kind>() throws -> Identifier<Kind> {
        guard let id = parameters.get("id").flatMap({ Identifier<Kind>($0) }) else {
            throw Problem.notFound
        }
        return id
    }
}
