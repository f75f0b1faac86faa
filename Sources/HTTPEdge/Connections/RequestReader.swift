import NIOCore
import NIOHTTP1

/// Decodes the bytes of a connection into requests, one at a time: while a request is answered, one read
/// at most is kept here, so that what a client sends ahead fills the system's buffers and then its own.
///
/// NIO's decoder gets small pieces, because it cannot be stopped within one. Behind a request to change
/// the protocol it stops by itself for good, and a new decoder takes over.
final class RequestReader: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum Event {
        /// The client sends nothing more. It comes at once, while `ChannelEvent.inputClosed` waits for
        /// its turn behind what was sent before.
        case inputEnded
    }

    private static let piece = 2 << 10
    /// Of what is read ahead. One read brings 64 KiB at most; more comes when a client closes its side.
    private static let mostAhead = 256 << 10
    /// The decoder keeps the field of a head that it is in.
    private static let mostUndecoded = 64 << 10

    /// A client that sends on for no answer is cut off.
    private static let mostDiscarded = 4 << 20

    private let limits: NIOHTTPDecoderLimitConfiguration
    private var decoder: HTTPRequestDecoder
    private var undecoded = ByteBuffer()
    private var ahead = ByteBuffer()
    private var context: ChannelHandlerContext?

    private var isDecoding = false
    private var isHeld = false
    private var isOver = false
    private var discarded = 0
    private var readIsHeld = false
    private var inputHasEnded = false
    private var decoderStops = false

    init(limits: NIOHTTPDecoderLimitConfiguration) {
        self.limits = limits
        decoder = HTTPRequestDecoder(limitConfiguration: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        decoder.decoderAdded(context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        decoder.decoderRemoved(context: context)
        self.context = nil
    }

    /// What has come and was not looked at.
    var bytesAhead: Int { ahead.readableBytes }

    /// Whether nothing will be read any more.
    var isExhausted: Bool { isOver }

    /// Decodes nothing from here on.
    func hold() { isHeld = true }

    func proceed() {
        guard isHeld, let context else { return }
        isHeld = false
        decode(context)
        endInput(context)
        guard !isHeld, readIsHeld else { return }
        readIsHeld = false
        context.read()
    }

    /// The decoder has stopped behind the request that it has just brought to its end.
    func startAnew() { decoderStops = true }

    /// Reads on only to throw it away: else the system would answer the client's last bytes with a
    /// reset, which overtakes the answer.
    func discard() {
        isOver = true
        ahead = ByteBuffer()
        undecoded = ByteBuffer()
        proceed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isOver else { return drop(bytes.readableBytes, context) }
        if ahead.readableBytes == 0 { ahead = bytes } else { ahead.writeBuffer(&bytes) }
        decode(context)
        guard ahead.readableBytes > Self.mostAhead else { return }
        isOver = true
        ahead = ByteBuffer()
    }

    private func drop(_ count: Int, _ context: ChannelHandlerContext) {
        discarded += count
        if discarded > Self.mostDiscarded, !isHeld { context.close(promise: nil) }
    }

    /// As long as nothing has come ahead, it has to be seen that a client leaves: over TLS it says so.
    func read(context: ChannelHandlerContext) {
        if isHeld, ahead.readableBytes > 0 { readIsHeld = true } else { context.read() }
    }

    private func decode(_ context: ChannelHandlerContext) {
        guard !isDecoding else { return }
        isDecoding = true
        defer { isDecoding = false }
        while !isHeld, !isOver, let piece = nextPiece() {
            do {
                try decode(piece, context)
            } catch {
                isOver = true
                ahead = ByteBuffer()
                undecoded = ByteBuffer()
                context.fireErrorCaught(error)
            }
        }
    }

    private func nextPiece() -> ByteBuffer? {
        guard ahead.readableBytes > 0 else { return nil }
        guard ahead.readableBytes <= Self.piece else { return ahead.readSlice(length: Self.piece) }
        // The channel reads into the same memory again unless some of it is kept here.
        defer { ahead = ByteBuffer() }
        return ahead
    }

    private func decode(_ piece: ByteBuffer, _ context: ChannelHandlerContext) throws {
        var piece = piece
        var bytes = undecoded
        // The handler that gets a part may discard everything.
        undecoded = ByteBuffer()
        if bytes.readableBytes == 0 {
            bytes = piece
        } else {
            bytes.discardReadBytes()
            bytes.writeBuffer(&piece)
        }
        _ = try decoder.decode(context: context, buffer: &bytes)
        guard !isOver else { return }
        undecoded = bytes.readableBytes > 0 ? bytes : ByteBuffer()
        if decoderStops {
            decoderStops = false
            replaceDecoder(context)
        }
        guard undecoded.readableBytes <= Self.mostUndecoded else {
            throw HTTPParserError.headerOverflow
        }
    }

    /// What the old one has left is the beginning of the next request.
    private func replaceDecoder(_ context: ChannelHandlerContext) {
        decoder.decoderRemoved(context: context)
        decoder = HTTPRequestDecoder(limitConfiguration: limits)
        decoder.decoderAdded(context: context)
        guard undecoded.readableBytes > 0 else { return }
        undecoded.writeBuffer(&ahead)
        ahead = undecoded
        undecoded = ByteBuffer()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        context.fireUserInboundEventTriggered(Event.inputEnded)
        inputHasEnded = true
        endInput(context)
    }

    private func endInput(_ context: ChannelHandlerContext) {
        guard inputHasEnded, !isHeld else { return }
        inputHasEnded = false
        if !isOver {
            isOver = true
            do {
                var bytes = undecoded
                undecoded = ByteBuffer()
                _ = try decoder.decodeLast(context: context, buffer: &bytes, seenEOF: true)
            } catch {
                context.fireErrorCaught(error)
            }
        }
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOver = true
        context.fireChannelInactive()
    }
}

@available(*, unavailable)
extension RequestReader: Sendable {}
