import Glibc
import Logging
import NIOCore

/// Stops accepting for a moment when the process or the system has no file left for one more connection.
/// NIO's own back-off delays the next read only: the one that the channel already waits for would be tried
/// again in a busy loop.
final class AcceptPause: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = any Channel

    static let pause = TimeAmount.milliseconds(100)

    private let table: ConnectionTable
    private let logger: Logger
    private var retry: Scheduled<Void>?
    /// Whether accepting has failed since it last worked: only the first failure is logged.
    private var isShort = false

    init(_ table: ConnectionTable, logger: Logger) {
        self.table = table
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.isShortage(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        if !isShort {
            isShort = true
            logger.warning(
                "a connection waits to be accepted: no file or no memory is left; raise the limit",
                metadata: ["reason": "\(error)"]
            )
        }
        // Its file is free for the connection that waits.
        table.evictStranger()
        guard retry == nil else { return }
        setAccepting(false, context)
        retry = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
            retry = nil
            setAccepting(true, context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isShort = false
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if retry == nil { context.read() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { retry?.cancel() }

    /// Also deregisters the read that the channel already waits for, which swallowing `read` would not.
    private func setAccepting(_ isOn: Bool, _ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    private static func isShortage(_ code: CInt) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }
}

@available(*, unavailable)
extension AcceptPause: Sendable {}
