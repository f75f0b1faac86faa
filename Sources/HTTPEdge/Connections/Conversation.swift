import HTTPTypes
import NIOCore
import NIOHTTP1

/// The rules of HTTP/1 for one connection: one request after the other, each answered before the next is
/// handed on, in the version of the client, until either side wants to close.
final class Conversation: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Arrival {
        case part(HTTPServerRequestPart)
        case failure(HTTPParserError)
    }

    /// What may come of a request whose answer is out, before the connection ends.
    private static let mostBytesBehindAnswer = 4 << 20
    /// What taking a part of a body costs beside its bytes: chunks may be tiny.
    private static let partCost = 256

    private let reader: RequestReader
    private let turns: TurnQueue
    /// How long a client may take to close its side, too.
    private let linger: TimeAmount
    private let hasShownCredential: () -> Bool
    private let writeRefusal: Refusal.Writer

    /// What came with the last piece, behind the request that is answered.
    private var waiting = CircularBuffer<Arrival>()
    private var exchange: Exchange?
    private var isPausing = false
    /// Set when what follows on the connection cannot be read as HTTP.
    private var hasFailed = false
    private var isClosing = false
    private var lastHeadAsksForUpgrade = false
    /// Why the request in hand is refused.
    private var refusal = Refusal.unreadable
    private var closing: Scheduled<Void>?

    /// - Parameters:
    ///   - hasShownCredential: whether a right credential has come over the connection.
    ///   - writeRefusal: makes the body of the answer to what reaches no route.
    init(
        reader: RequestReader,
        turns: TurnQueue,
        linger: TimeAmount,
        hasShownCredential: @escaping () -> Bool,
        writeRefusal: @escaping Refusal.Writer
    ) {
        self.reader = reader
        self.turns = turns
        self.linger = linger
        self.hasShownCredential = hasShownCredential
        self.writeRefusal = writeRefusal
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closing?.cancel()
        isClosing = true
        waiting.removeAll()
    }
}

// MARK: Requests

extension Conversation {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head): lastHeadAsksForUpgrade = head.asksForUpgrade
        case .body: break
        case .end: if lastHeadAsksForUpgrade { reader.startAnew() }
        }
        arrive(.part(part), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? HTTPParserError else {
            return context.fireErrorCaught(error)
        }
        arrive(.failure(failure), context)
    }

    /// The end of the channel alone would look like the end of the body, and a request that was cut off
    /// like one that is whole. Where the client ends it, the decoder fails; where the server does, only this.
    func channelInactive(context: ChannelHandlerContext) {
        if let exchange, !exchange.requestIsWhole, !exchange.answerIsWhole, !hasFailed {
            hasFailed = true
            context.fireErrorCaught(HTTPParserError.invalidEOFState)
        }
        context.fireChannelInactive()
    }

    private func arrive(_ arrival: Arrival, _ context: ChannelHandlerContext) {
        guard !isClosing, !hasFailed else { return }
        if isBusy || !waiting.isEmpty {
            waiting.append(arrival)
        } else {
            take(arrival, context)
        }
    }

    /// Whether what comes next has to wait.
    private var isBusy: Bool { isPausing || exchange?.requestIsWhole == true }

    private func take(_ arrival: Arrival, _ context: ChannelHandlerContext) {
        switch arrival {
        case .part(.head(var head)):
            var exchange = Exchange(head)
            // RFC 9110 section 10.1.1: of HTTP/1.1 only.
            if head.version == .http1_0 { head.headers.remove(name: "expect") }
            if let violation = head.violation {
                refusal = violation
                exchange.closes = true
                self.exchange = exchange
                return fail(HTTPParserError.unknown, context)
            }
            self.exchange = exchange
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .part(.body(let bytes)):
            exchange?.bodyHasBegun = true
            if exchange?.answerIsWhole == true {
                exchange?.bytesBehindAnswer += bytes.readableBytes + Self.partCost
                if exchange?.bytesBehindAnswer ?? 0 > Self.mostBytesBehindAnswer {
                    return close(context)
                }
            }
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .part(.end(let trailers)):
            exchange?.requestIsWhole = true
            let isAnswered = exchange?.answerIsWhole == true
            if !isAnswered { reader.hold() }
            context.fireChannelRead(wrapInboundOut(.end(trailers)))
            if isAnswered { finishExchange(context) }
        case .failure(let failure):
            fail(failure, context)
        }
    }

    /// What follows on the connection cannot be made out.
    private func fail(_ failure: HTTPParserError, _ context: ChannelHandlerContext) {
        guard exchange?.answerIsWhole != true else { return close(context) }
        hasFailed = true
        waiting.removeAll()
        if exchange == nil { exchange = .unknown }
        exchange?.closes = true
        context.fireErrorCaught(failure)
        reader.discard()
    }

    private func finishExchange(_ context: ChannelHandlerContext) {
        exchange = nil
        // More had come than was kept.
        guard !reader.isExhausted || !waiting.isEmpty else { return close(context) }
        guard !waiting.isEmpty || reader.bytesAhead > 0 else { return reader.proceed() }
        reader.hold()
        isPausing = true
        let context = context.loopBound
        turns.wait { [weak self] in self?.takeWaiting(context.value) }
    }

    private func takeWaiting(_ context: ChannelHandlerContext) {
        isPausing = false
        while !isBusy, let arrival = waiting.popFirst() { take(arrival, context) }
        if !isBusy, !isClosing { reader.proceed() }
        // No read from the socket says so.
        context.fireChannelReadComplete()
    }
}

// MARK: Answers

extension Conversation {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.isInformational:
            exchange?.isInvited = true
            context.write(data, promise: promise)
        case .head(let head) where isBare(head):
            refuse(context, promise)
        case .head(let head):
            context.write(wrapOutboundOut(.head(adjusted(head))), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            exchange?.answerIsWhole = true
            if exchange?.closes == true {
                close(context)
            } else if exchange?.requestIsWhole == true {
                finishExchange(context)
            }
        }
    }

    private func refuse(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let (mediaType, text) = writeRefusal(refusal)
        var body = ByteBuffer(string: text)
        let head = refusal.head(mediaType, bytes: body.readableBytes)
        context.write(wrapOutboundOut(.head(adjusted(head))), promise: nil)
        if exchange?.isHead == true { body.clear() }
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: promise)
    }

    /// Hummingbird's own answer to what cannot be read as HTTP and reaches no route. It gets the body
    /// and the request id that every refusal has.
    private func isBare(_ head: HTTPResponseHead) -> Bool {
        head.status == .badRequest && head.headers.first(name: "content-length") == "0"
            && !head.headers.contains(name: "content-type")
    }

    private func adjusted(_ head: HTTPResponseHead) -> HTTPResponseHead {
        guard var exchange else { return head }
        var head = head
        if exchange.version == .http1_0 {
            head.version = .http1_0
            // Its end can be told only by closing.
            if !head.headers.contains(name: "content-length"), head.status.mayHaveResponseBody {
                exchange.closes = true
            }
        }
        if exchange.mayHaveNoBody || head.headers.isClosing || isAhead && !hasShownCredential() {
            exchange.closes = true
        }
        self.exchange = exchange
        if exchange.closes {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if exchange.version == .http1_0 {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }

    /// Whether the client has sent more before it was answered.
    private var isAhead: Bool {
        exchange?.requestIsWhole == true && (!waiting.isEmpty || reader.bytesAhead > 0)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard case .output = mode else {
            // TLS takes the end of the client's side for one half alone, and waits for more, where a half may end.
            if case .all = mode {
                try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            }
            return context.close(mode: mode, promise: promise)
        }
        close(context)
        promise?.succeed()
    }

    /// Everything that was written goes out first, however slowly the client reads: a channel whose
    /// client has closed its own side drops what waits as soon as its output is closed, and the time to
    /// linger is for a client that has got everything.
    private func close(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        waiting.removeAll()
        let written = context.eventLoop.makePromise(of: Void.self)
        // Nothing, behind all the rest.
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: written)
        reader.discard()
        let channel = context.channel
        let outbound = context.loopBound
        written.futureResult.assumeIsolated().whenComplete { [self] result in
            guard case .success = result else { return channel.close(promise: nil) }
            outbound.value.close(mode: .output, promise: nil)
            closing = channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
        }
    }
}

@available(*, unavailable)
extension Conversation: Sendable {}

/// One request and its answer.
private struct Exchange {
    let version: HTTPVersion
    /// A HEAD is answered without a body (RFC 9110 section 9.3.2).
    let isHead: Bool
    private let waitsForInvitation: Bool
    /// Whether the connection ends with it.
    var closes: Bool
    var requestIsWhole = false
    var answerIsWhole = false
    var bodyHasBegun = false
    /// Of a body that was answered before it was whole.
    var bytesBehindAnswer = 0
    /// To send the body, by a 100.
    var isInvited = false

    init(_ head: HTTPRequestHead) {
        version = head.version
        isHead = head.method == .HEAD
        waitsForInvitation = head.version != .http1_0 && head.headers.contains(name: "expect")
        closes = !head.isKeepAlive || head.leadsElsewhere
    }

    /// Of a request that cannot be made out.
    static var unknown: Exchange {
        Exchange(HTTPRequestHead(version: .http1_1, method: .GET, uri: ""))
    }

    /// Whether the client may leave out the body, as it gets its answer before it was invited: what
    /// its next bytes are could not be told.
    var mayHaveNoBody: Bool {
        waitsForInvitation && !isInvited && !bodyHasBegun && !requestIsWhole
    }
}

extension HTTPHeaders {
    fileprivate var isClosing: Bool {
        self[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { (100..<200).contains(code) }
}

extension Refusal {
    fileprivate func head(_ mediaType: String, bytes: Int) -> HTTPResponseHead {
        HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: status.code),
            headers: [
                "content-type": mediaType,
                "content-length": "\(bytes)",
                "x-request-id": IdentifyRequest.random(),
            ]
        )
    }
}
