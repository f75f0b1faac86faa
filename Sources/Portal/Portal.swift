package import HTTPEdge
import HTTPTypes
package import Hummingbird
import HummingbirdCore
import Logging

/// What people look at: pages, and the files that they load. It shows nothing of an organization itself: the
/// modules in the browser ask the API, as whom the visitor is signed in.
package struct Portal: Sendable {
    /// Nil for a request of a visitor that is not signed in.
    package typealias FindVisitor =
        @Sendable (Request, EdgeContext) async throws -> Visitor?

    private let visitor: FindVisitor

    package init(visitor: @escaping FindVisitor) {
        self.visitor = visitor
    }

    package var routes: EdgeRoutes {
        let all = AssetRoutes().routes + PageRoutes(visitor: visitor).routes
        return EdgeRoutes(all.map(\.answeringFaults)) { request in
            guard request.asksForHTML, [.get, .head].contains(request.method) else { return nil }
            return Message.unknownPath.response(.notFound)
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
                if let refusal = error as? Refusal { throw refusal }
                context.logger.error("page failed", metadata: ["error": "\(error)"])
                return Message.failure.response(.internalServerError)
            }
        }
    }
}
