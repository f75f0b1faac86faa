import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// A connection to the API on which a test says what it likes, byte by byte.
final class RawConnection {
    private let channel: any Channel
    private var arriving: AsyncStream<ByteBuffer>.Iterator
    private var unread = ByteBuffer()

    init(port: Int, tls: Bool = false, receiveBuffer: Int? = nil) async throws {
        let (stream, arrivals) = AsyncStream.makeStream(of: ByteBuffer.self)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf),
                value: ChannelOptions.Types.SocketOption.Value(receiveBuffer)
            )
        }
        channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if tls {
                        var configuration = TLSConfiguration.makeClientConfiguration()
                        configuration.certificateVerification = .none
                        let context = try NIOSSLContext(configuration: configuration)
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil)
                        )
                    }
                    try pipeline.addHandler(Arrivals(arrivals))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        arriving = stream.makeAsyncIterator()
    }

    deinit { channel.close(promise: nil) }

    /// What the other end has closed cannot be sent to: the answer tells.
    func send(_ text: String) async {
        try? await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Sends nothing more, and goes on reading.
    func endSending() async {
        try? await channel.close(mode: .output).get()
    }

    func close() async {
        try? await channel.close().get()
    }

    /// The next answer, interim ones included; nil where the connection ends instead.
    func answer(toHead: Bool = false) async throws -> RawAnswer? {
        guard let head = await line(endingWith: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n")
        let words = try #require(lines.first).split(separator: " ", maxSplits: 2)
        var answer = RawAnswer(
            version: String(words[0]),
            status: try #require(Int(words[1])),
            headers: [:]
        )
        for line in lines.dropFirst() {
            let colon = try #require(line.firstIndex(of: ":"))
            let name = try #require(HTTPField.Name(String(line[..<colon])))
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            answer.headers.append(HTTPField(name: name, value: String(value)))
        }
        if toHead || answer.status < 200 || answer.status == 204 { return answer }
        if answer.headers[.transferEncoding] == "chunked" {
            while let chunk = try await self.chunk(), !chunk.isEmpty { answer.text += chunk }
        } else if let length = answer.headers[.contentLength].flatMap({ Int($0) }) {
            answer.text = try #require(await take(length), "the answer is cut off")
        } else {
            answer.text = await rest()
        }
        return answer
    }

    /// The head of the next answer, whose body does not end.
    func headOfStream() async throws -> String {
        try #require(await line(endingWith: "\r\n\r\n"))
    }

    /// One chunk of a chunked body: the empty one is the last. Nil where the connection ends before.
    func chunk() async throws -> String? {
        guard let size = await line(endingWith: "\r\n") else { return nil }
        let count = try #require(Int(size.dropLast(), radix: 16))
        guard let chunk = await take(count + 2) else { return nil }
        return String(chunk.dropLast())
    }

    /// Everything until the connection is closed.
    func rest() async -> String {
        while await more() {}
        return unread.readString(length: unread.readableBytes) ?? ""
    }

    private func line(endingWith end: String) async -> String? {
        while true {
            let text = String(buffer: unread)
            if let range = text.firstRange(of: end) {
                return unread.readString(length: text[..<range.upperBound].utf8.count)
            }
            guard await more() else { return nil }
        }
    }

    private func take(_ count: Int) async -> String? {
        while unread.readableBytes < count {
            guard await more() else { return nil }
        }
        return unread.readString(length: count)
    }

    private func more() async -> Bool {
        guard var bytes = await arriving.next() else { return false }
        unread.writeBuffer(&bytes)
        return true
    }
}

struct RawAnswer {
    let version: String
    let status: Int
    var headers: HTTPFields
    var text = ""
}

private final class Arrivals: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let arrivals: AsyncStream<ByteBuffer>.Continuation

    init(_ arrivals: AsyncStream<ByteBuffer>.Continuation) {
        self.arrivals = arrivals
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrivals.yield(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) { arrivals.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        arrivals.finish()
        context.close(promise: nil)
    }
}
