import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Watches one connection, and closes it when it takes too long over anything.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let table: ConnectionTable
    private let limits: ConnectionLimits
    private var connection: ConnectionState?
    private var watching: RepeatedTask?
    private var progress: Progress?
    /// Whether the client does not read what it asked for.
    private var isStalled = false

    init(table: ConnectionTable, limits: ConnectionLimits) {
        self.table = table
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard connection == nil else { return }
        let connection = ConnectionState(context.channel)
        self.connection = connection
        let limits = limits
        watching = context.eventLoop.scheduleRepeatedTask(
            initialDelay: limits.shortest,
            delay: limits.shortest
        ) { _ in
            if limits.isExceeded(by: connection) { connection.abort() }
        }
        table.add(connection)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        watching?.cancel()
        guard let connection else { return }
        table.remove(connection)
        connection.noteLeaving()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case RequestReader.Event.inputEnded = event { connection?.noteLeaving() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection?.noteProgress()
        switch unwrapInboundIn(data) {
        case .head: progress = Progress()
        case .body: break
        case .end: progress?.requestIsWhole = true
        }
        update()
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            progress?.answerIsWhole = true
            update()
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isStalled = !context.channel.isWritable
        update()
        context.fireChannelWritabilityChanged()
    }

    /// A phase goes on until another one begins: its time is not given again.
    private func update() {
        guard let connection, let progress else { return }
        let phase = isStalled ? .stalled : progress.phase
        if connection.phase != phase { connection.enter(phase) }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

/// One request and its answer, which may be whole before the request is.
private struct Progress {
    var requestIsWhole = false
    var answerIsWhole = false

    var phase: ConnectionState.Phase {
        guard requestIsWhole else { return .receiving }
        return answerIsWhole ? .idle : .answering
    }
}

extension ConnectionLimits {
    /// How often a connection is looked at.
    fileprivate var shortest: TimeAmount {
        let limits = [firstRequest, body, idle, stalledAnswer].map(\.nanoseconds)
        return .nanoseconds(max((limits.min() ?? 0) / 4, 1_000_000))
    }

    fileprivate func isExceeded(by connection: ConnectionState) -> Bool {
        let limit: TimeAmount? =
            switch connection.phase {
            case .new: firstRequest
            case .receiving where connection.isOfNode:
                connection.silence >= silentNode ? silentNode : slowNode
            case .receiving: body
            case .idle: idle
            case .stalled: connection.isOfNode ? slowNode : stalledAnswer
            case .answering: nil
            }
        guard let limit else { return false }
        return connection.age >= limit
    }
}
