import AsyncHTTPClient
import NIOCore

/// The lines of a body, without their ends, as they come.
struct Lines: AsyncSequence {
    /// More than a line of the change stream has: an event with an object before and after it.
    private static let maximumBytes = 1 << 20

    private let body: HTTPClientResponse.Body

    init(of body: HTTPClientResponse.Body) {
        self.body = body
    }

    func makeAsyncIterator() -> LineIterator { LineIterator(body: body.makeAsyncIterator()) }

    struct LineIterator: AsyncIteratorProtocol {
        fileprivate var body: HTTPClientResponse.Body.AsyncIterator
        private var rest = ByteBuffer()

        fileprivate init(body: HTTPClientResponse.Body.AsyncIterator) {
            self.body = body
        }

        /// Nil where the body ends. A line that it ends in the middle of is not given.
        mutating func next() async throws -> [UInt8]? {
            while true {
                let readable = rest.readableBytesView
                if let end = readable.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = rest.readBytes(length: end - readable.startIndex)
                    rest.moveReaderIndex(forwardBy: 1)
                    rest.discardReadBytes()
                    return line
                }
                guard rest.readableBytes <= Lines.maximumBytes else {
                    throw ClientError.notUnderstood("a line of its answer is too long")
                }
                guard let piece = try await body.next() else { return nil }
                rest.writeImmutableBuffer(piece)
            }
        }
    }
}
