import HTTPTypes
package import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Tells a client that waits for it (`Expect: 100-continue`) to send its body, once a route is about to
/// read it. A route that refuses the request before saves both sides the body (RFC 9110 section 10.1.1).
/// It runs inside what renders errors: it may refuse.
package struct InviteBody: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request,
        context: EdgeContext,
        next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        guard let expectation = request.headers[.expect] else {
            return try await next(request, context)
        }
        guard expectation.lowercased() == "100-continue" else { throw Refusal.unknownExpectation }
        var request = request
        request.body = RequestBody(
            asyncSequence: InvitedBody(body: request.body, channel: context.channel)
        )
        return try await next(request, context)
    }
}

private struct InvitedBody: AsyncSequence, Sendable {
    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var parts: RequestBody.AsyncIterator
        fileprivate let channel: any Channel
        private var isInvited = false

        fileprivate init(_ parts: RequestBody.AsyncIterator, _ channel: any Channel) {
            self.parts = parts
            self.channel = channel
        }

        mutating func next() async throws -> ByteBuffer? {
            if !isInvited {
                isInvited = true
                let interim = HTTPResponsePart.head(HTTPResponse(status: .continue))
                channel.writeAndFlush(interim, promise: nil)
            }
            return try await parts.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body.makeAsyncIterator(), channel)
    }
}
