package import HTTPTypes
import Hummingbird
package import HummingbirdCore

/// A route that is not of the API: it is described in no document, and writes all of its answers itself.
package struct EdgeRoute: Sendable {
    /// Nil where the route has nothing for this request: it is answered like one to an unknown path.
    package typealias Answer = @Sendable (Request, EdgeContext) async throws -> Response?

    package let method: HTTPRequest.Method
    /// In Hummingbird's notation: `peers/:id`, `assets/**`.
    package let path: String
    /// Whether requests come all the time without anyone's doing: those that succeed are in the log of a search for
    /// faults alone.
    let isRoutine: Bool
    package let answer: Answer

    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        isRoutine: Bool = false,
        _ answer: @escaping Answer
    ) {
        self.method = method
        self.path = path
        self.isRoutine = isRoutine
        self.answer = answer
    }

    /// HEAD comes with each GET.
    package var methods: [HTTPRequest.Method] {
        method == .get ? [.get, .head] : [method]
    }
}

/// What a target puts on the edge beside the routes of the API.
package struct EdgeRoutes: Sendable {
    package static let none = EdgeRoutes([]) { _ in nil }

    package let routes: [EdgeRoute]
    /// What is answered to a request to a path that leads nowhere; nil where that is the API's to say.
    package let answerUnknownPath: @Sendable (Request) -> Response?

    package init(
        _ routes: [EdgeRoute],
        answerUnknownPath: @escaping @Sendable (Request) -> Response?
    ) {
        self.routes = routes
        self.answerUnknownPath = answerUnknownPath
    }

    package func adding(_ others: [EdgeRoute]) -> EdgeRoutes {
        EdgeRoutes(routes + others, answerUnknownPath: answerUnknownPath)
    }
}
