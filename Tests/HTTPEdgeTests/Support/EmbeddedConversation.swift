import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import HTTPEdge

/// A connection without a socket, up to where requests are handed on.
final class EmbeddedConversation {
    private let channel = EmbeddedChannel()
    private let reader: RequestReader
    private let socket = SocketEnd()

    init() throws {
        reader = RequestReader(limits: NIOHTTPDecoderLimitConfiguration())
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(socket)
        try pipeline.addHandler(reader)
        try pipeline.addHandler(
            Conversation(
                reader: reader,
                turns: TurnQueue(channel.eventLoop),
                linger: .seconds(2),
                hasShownCredential: { true },
                writeRefusal: { ("text/plain", "\($0)") }
            )
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// As the channel itself would ask for more after each read.
    func receive(_ text: String) throws {
        socket.reads = 0
        try channel.writeInbound(ByteBuffer(string: text))
        channel.read()
    }

    /// Heads handed on since the last look.
    func requests() throws -> Int {
        var count = 0
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            if case .head = part { count += 1 }
        }
        return count
    }

    func answer() throws {
        socket.reads = 0
        channel.write(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)),
            promise: nil
        )
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        wait(.seconds(1))
    }

    func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    /// As Hummingbird does behind the last answer.
    func endOutput() { channel.close(mode: .output, promise: nil) }

    /// As when the server stops.
    func close() { channel.close(promise: nil) }

    /// Whether the channel was told that the client may end its side alone; nil where nothing was said.
    var mayEndInHalves: Bool? {
        channel.options.last {
            $0.option is ChannelOptions.Types.AllowRemoteHalfClosureOption
        }?.value as? Bool
    }

    /// As when the connection is aborted at a limit of its time. Throws what is told of the request.
    func abort() throws {
        channel.pipeline.fireChannelInactive()
        try channel.throwIfErrorCaught()
    }

    /// What the client does not read stays here until then.
    func holdWrites() { socket.heldWrites = [] }
    func releaseWrites() {
        socket.heldWrites?.forEach { $0.succeed() }
        socket.heldWrites = nil
    }

    var asksToRead: Bool { socket.reads > 0 }
    var hasClosedOutput: Bool { socket.hasClosedOutput }
    var hasClosed: Bool { socket.hasClosed }
    var kept: Int { reader.bytesAhead }
}

private final class SocketEnd: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    var reads = 0
    var hasClosedOutput = false
    var hasClosed = false
    var heldWrites: [EventLoopPromise<Void>]?

    func read(context: ChannelHandlerContext) { reads += 1 }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output: hasClosedOutput = true
        case .all: hasClosed = true
        case .input: break
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard heldWrites != nil else { return context.write(data, promise: promise) }
        if let promise { heldWrites?.append(promise) }
    }
}
