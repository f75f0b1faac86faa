import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPEdge

@Suite("A conversation over one connection")
struct ConversationTests {
    @Test("a connection's last answer goes out before it is closed, however slowly it is read")
    func slowReader() throws {
        let connection = try EmbeddedConversation()
        try connection.receive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        connection.holdWrites()
        try connection.answer()
        // Hummingbird, too, closes behind it.
        connection.endOutput()
        connection.wait(.minutes(1))
        #expect([connection.hasClosedOutput, connection.hasClosed] == [false, false])
        connection.releaseWrites()
        #expect([connection.hasClosedOutput, connection.hasClosed] == [true, false])
        connection.wait(ConnectionLimits().linger)
        #expect(connection.hasClosed)
    }

    @Test(
        "a body that goes on behind its answer ends the connection, in small chunks or large",
        arguments: [1, 8_000]
    )
    func endlessBody(chunk: Int) throws {
        let connection = try EmbeddedConversation()
        try connection.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        try connection.answer()
        let size = String(chunk, radix: 16)
        let text = "\(size)\r\n\(String(repeating: "x", count: chunk))\r\n"
        try connection.receive(String(repeating: text, count: 10))
        #expect(!connection.hasClosedOutput, "what was under way is taken")
        for _ in 0..<2_000 where !connection.hasClosedOutput {
            try connection.receive(String(repeating: text, count: 10))
        }
        #expect(connection.hasClosedOutput)
    }

    @Test("a request that is cut off fails, and one that is whole does not")
    func cutOff() throws {
        let cut = try EmbeddedConversation()
        try cut.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{}")
        #expect(throws: HTTPParserError.invalidEOFState) { try cut.abort() }
        let whole = try EmbeddedConversation()
        try whole.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        try whole.abort()
        let idle = try EmbeddedConversation()
        try idle.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try idle.answer()
        try idle.abort()
    }

    @Test("a connection's last answer goes out before the server closes its side")
    func serverEnds() throws {
        let connection = try EmbeddedConversation()
        try connection.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.holdWrites()
        try connection.answer()
        connection.endOutput()
        #expect(!connection.hasClosedOutput)
        connection.releaseWrites()
        #expect(connection.hasClosedOutput)
    }

    @Test("requests behind a protocol upgrade are read no faster than they are answered")
    func readsNothingMeanwhile() throws {
        let connection = try EmbeddedConversation()
        try connection.receive(Self.upgrade)
        #expect(try connection.requests() == 1)
        #expect(connection.asksToRead)
        for _ in 0..<3 {
            try connection.receive(Self.next)
            #expect(!connection.asksToRead)
        }
        #expect(try connection.requests() == 0)
        for _ in 0..<3 {
            try connection.answer()
            #expect(try connection.requests() == 1)
        }
        try connection.answer()
        #expect(connection.asksToRead)
    }

    @Test("a protocol upgrade followed by more bytes than are buffered ends its connection")
    func tooMuch() throws {
        let connection = try EmbeddedConversation()
        try connection.receive(Self.upgrade)
        // As the system hands it over when the client has closed its side.
        for _ in 0..<100 { try connection.receive(String(repeating: "x", count: 64 << 10)) }
        #expect(connection.kept <= 1 << 20)
        try connection.answer()
        #expect(try connection.requests() == 1)
        #expect(connection.hasClosedOutput)
    }

    @Test("a connection that the server closes ends as soon as the client ends its side")
    func whole() throws {
        let connection = try EmbeddedConversation()
        try connection.receive(Self.next)
        try connection.answer()
        #expect(connection.mayEndInHalves == nil)
        connection.close()
        #expect(connection.mayEndInHalves == false)
    }

    private static let upgrade =
        "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    private static let next = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
}
