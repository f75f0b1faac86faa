import Glibc
import HTTPTypes
import LogTestSupport
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPEdge

@Suite("A connection")
struct ConnectionTests {
    @Test("a connection without a request is closed after ten seconds")
    func silent() throws {
        let connection = try GuardedConnection()
        connection.wait(.seconds(9))
        #expect(connection.isOpen)
        connection.wait(.seconds(4))
        #expect(!connection.isOpen)
    }

    @Test("a connection may take twenty seconds over a body, however often it sends a little of it")
    func slowBody() throws {
        let connection = try GuardedConnection()
        try connection.receive(.head(Self.head))
        for _ in 0..<18 {
            connection.wait(.seconds(1))
            try connection.receive(.body(ByteBuffer(string: " ")))
        }
        #expect(connection.isOpen)
        connection.wait(.seconds(5))
        #expect(!connection.isOpen)
    }

    @Test("a body of a node may take minutes, for as long as parts of it come")
    func slowNode() throws {
        func begun() throws -> GuardedConnection {
            let table = ConnectionTable(maximum: 1)
            let connection = try GuardedConnection(table)
            try connection.receive(.head(Self.head))
            table.connection(of: connection.channel)?.noteNode()
            return connection
        }
        let slow = try begun()
        for _ in 0..<16 {
            slow.wait(.seconds(50))
            try slow.receive(.body(ByteBuffer(string: " ")))
        }
        #expect(slow.isOpen)
        slow.wait(.minutes(2))
        #expect(!slow.isOpen, "a quarter of an hour is enough")
        let silent = try begun()
        silent.wait(.seconds(59))
        #expect(silent.isOpen)
        silent.wait(.seconds(4))
        #expect(!silent.isOpen, "nothing comes any more")
    }

    @Test("a connection is kept while its request is worked on, and then may be idle for a minute")
    func idle() throws {
        let connection = try GuardedConnection()
        try connection.receive(.head(Self.head))
        try connection.receive(.end(nil))
        connection.wait(.hours(1))
        #expect(connection.isOpen, "an answer takes its time")
        try connection.answer()
        connection.wait(.seconds(59))
        #expect(connection.isOpen)
        connection.wait(.seconds(4))
        #expect(!connection.isOpen)
    }

    @Test("a connection that got its answer before its request was whole is idle once it is whole")
    func earlyAnswer() throws {
        let connection = try GuardedConnection()
        try connection.receive(.head(Self.head))
        try connection.answer()
        connection.wait(.seconds(10))
        try connection.receive(.end(nil))
        connection.wait(.seconds(59))
        #expect(connection.isOpen)
        connection.wait(.seconds(16))
        #expect(!connection.isOpen)
        // The same for one that does not read the answer.
        let stalled = try GuardedConnection()
        try stalled.receive(.head(Self.head))
        stalled.setWritable(false)
        try stalled.receive(.end(nil))
        stalled.wait(.seconds(40))
        #expect(!stalled.isOpen)
    }

    @Test("a connection whose client does not read is closed after half a minute")
    func stalled() throws {
        let connection = try GuardedConnection()
        try connection.receive(.head(Self.head))
        try connection.receive(.end(nil))
        connection.setWritable(false)
        connection.wait(.seconds(29))
        #expect(connection.isOpen)
        connection.setWritable(true)
        connection.wait(.seconds(29))
        connection.setWritable(false)
        connection.wait(.seconds(29))
        #expect(connection.isOpen, "it read in between")
        connection.wait(.seconds(4))
        #expect(!connection.isOpen)
    }

    @Test("a connection too many closes the one that is idle longest and showed no API key")
    func eviction() throws {
        let table = ConnectionTable(maximum: 3)
        let first = try GuardedConnection(table)
        first.wait(.seconds(1))
        table.connection(of: first.channel)?.noteCredential()
        let second = try GuardedConnection(table, at: .seconds(2))
        let third = try GuardedConnection(table, at: .seconds(3))
        try second.receive(.head(Self.head))
        try second.receive(.end(nil))
        second.wait(.seconds(2))
        try second.answer()
        let fourth = try GuardedConnection(table, at: .seconds(5))
        #expect([first, second, third, fourth].map(\.isOpen) == [true, true, false, true])
        let fifth = try GuardedConnection(table, at: .seconds(6))
        #expect([first, second, fourth, fifth].map(\.isOpen) == [true, false, true, true])
    }

    @Test("a connection is refused when all others are being answered for a right API key")
    func full() throws {
        let table = ConnectionTable(maximum: 2)
        let busy = try (0..<2).map { _ in
            let connection = try GuardedConnection(table)
            table.connection(of: connection.channel)?.noteCredential()
            try connection.receive(.head(Self.head))
            try connection.receive(.end(nil))
            return connection
        }
        let another = try GuardedConnection(table)
        #expect(!another.isOpen)
        #expect(busy.map(\.isOpen) == [true, true])
        try busy[0].answer()
        let yetAnother = try GuardedConnection(table)
        #expect(yetAnother.isOpen)
        #expect(!busy[0].isOpen)
    }

    @Test(
        "a connection for which no file is left waits, and an unauthenticated one is closed for it"
    )
    func noFileLeft() throws {
        let table = ConnectionTable(maximum: 10)
        let known = try GuardedConnection(table)
        table.connection(of: known.channel)?.noteCredential()
        let stranger = try GuardedConnection(table)
        let log = CapturedLog()
        let listener = EmbeddedChannel()
        try listener.pipeline.syncOperations.addHandler(
            AcceptPause(table, logger: Logger(label: "test") { _ in log.handler() })
        )
        var accepts: Bool? {
            listener.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value
                as? Bool
        }
        for _ in 0..<3 {
            for _ in 0..<3 {
                listener.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
                #expect(accepts == false)
            }
            listener.embeddedEventLoop.advanceTime(by: AcceptPause.pause)
            #expect(accepts == true)
        }
        #expect([known.isOpen, stranger.isOpen] == [true, false])
        #expect(log.lines.count == 1, "\(log.lines)")
    }

    private static let head = HTTPRequest(
        method: .post,
        scheme: "http",
        authority: "localhost",
        path: "/v2/networks"
    )
}

/// A channel with a guard, and a clock that only the test moves.
private final class GuardedConnection {
    let channel: EmbeddedChannel

    init(_ table: ConnectionTable = ConnectionTable(maximum: 100), at time: TimeAmount = .zero)
        throws
    {
        let loop = EmbeddedEventLoop()
        loop.advanceTime(by: time)
        channel = EmbeddedChannel(
            handlers: [ConnectionGuard(table: table, limits: ConnectionLimits())],
            loop: loop
        )
        _ = try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
    }

    var isOpen: Bool { channel.isActive }

    func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

    func receive(_ part: HTTPRequestPart) throws { try channel.writeInbound(part) }

    func answer() throws {
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }
}
