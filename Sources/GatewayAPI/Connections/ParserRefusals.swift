import GatewayBodies
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Hummingbird answers what is no HTTP with an empty 400, since no route ever sees it. Here it gets the
/// body and the request id that every refusal has.
final class ParserRefusals: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headerFields[.contentType] == nil, head.headerFields[.contentLength] == "0"
        else { return context.write(data, promise: promise) }
        let body = ByteBuffer(string: Problem.malformedRequest.json.encoded)
        head.headerFields[.contentType] = Answer.jsonType
        head.headerFields[.contentLength] = "\(body.readableBytes)"
        head.headerFields[.requestID] = IdentifyRequest.random()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: promise)
    }
}

@available(*, unavailable)
extension ParserRefusals: Sendable {}
