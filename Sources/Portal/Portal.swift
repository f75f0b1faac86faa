package import GatewayService
package import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
package import OpenAPI

/// What people look at: pages, and the files that they load. It shows nothing of an organization itself: the
/// modules in the browser ask the API, as whom the visitor is signed in.
package struct Portal: Sendable {
    private let controlPlane: ControlPlane

    package init(controlPlane: ControlPlane) {
        self.controlPlane = controlPlane
    }

    /// - Parameter document: what the reference of the API shows.
    package func routes(_ document: Document) -> EdgeRoutes {
        let all =
            AssetRoutes().routes + DocsRoutes(document: document).routes
            + SignInRoutes(controlPlane: controlPlane).routes
            + InvitationRoutes(controlPlane: controlPlane).routes
            + PageRoutes(controlPlane: controlPlane).routes
        return EdgeRoutes(all.map(\.answeringFaults)) { request in
            guard request.asksForHTML, [.get, .head].contains(request.method) else { return nil }
            return Message.unknownPath.response()
        }
    }
}

extension EdgeRoute {
    /// People get a page for what goes wrong as well.
    fileprivate var answeringFaults: EdgeRoute {
        EdgeRoute(method, path) { request, context in
            do {
                return try await answer(request, context)
            } catch  where request.asksForHTML {
                if let refusal = SignInRefusal(error) {
                    return refusal.answer(Message("You cannot go on", refusal).response())
                }
                if let message = Message(error) { return message.response() }
                if let refusal = error as? Refusal { throw refusal }
                context.logger.error("page failed", metadata: ["error": "\(error)"])
                return Message.failure.response()
            }
        }
    }
}
