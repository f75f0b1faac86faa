import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// What stands between the bytes of a connection and the router.
struct HTTPConnection: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    private static let decoderLimits = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 32 << 10
        limits.maxHeaderFieldCount = 100
        return limits
    }()

    let responder: Responder
    private let table: ConnectionTable
    private let writeRefusal: Refusal.Writer
    private let limits = ConnectionLimits()
    private let turns = PerLoop<TurnQueue>()

    init(
        responder: @escaping Responder,
        table: ConnectionTable,
        writeRefusal: @escaping Refusal.Writer
    ) {
        self.responder = responder
        self.table = table
        self.writeRefusal = writeRefusal
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // The reader stops between two reads, so none of them should bring much.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let reader = RequestReader(limits: Self.decoderLimits)
            let conversation = Conversation(
                reader: reader,
                turns: turns.value(of: channel.eventLoop) { TurnQueue(channel.eventLoop) },
                linger: limits.linger,
                hasShownCredential: { [table] in
                    table.connection(of: channel)?.hasShownCredential == true
                },
                writeRefusal: writeRefusal
            )
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(reader)
            try pipeline.addHandler(conversation)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(ConnectionGuard(table: table, limits: limits))
            try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}
