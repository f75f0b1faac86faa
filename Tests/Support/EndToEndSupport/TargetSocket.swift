import Foundation
import Glibc
import Synchronization

/// A server of HTTP on 127.0.0.1 that reads requests and gives each the same answer, until it goes.
package final class TargetSocket: Sendable {
    package enum Answer: Sendable {
        case status(String, [String] = [], String = "")
        case nothing
    }

    package let port: UInt16
    private let listener: Int32
    private let seen: Seen

    private final class Seen: Sendable {
        let requests = Mutex<[String]>([])
    }

    package init(answering answer: Answer) throws {
        var name = try SocketName("127.0.0.1", port: 0)
        let listener = try name.socket(SOCK_STREAM, waiting: 120)
        try SocketName.check(name.with { bind(listener, $0, $1) })
        try SocketName.check(listen(listener, 16))
        try SocketName.check(name.fill { getsockname(listener, $0, $1) })
        let seen = Seen()
        (self.listener, port, self.seen) = (listener, name.port, seen)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // No client came for a while.
                    if errno == EAGAIN { continue }
                    // Not by another thread: until this one has left `accept`, the number has to stay
                    // with this socket, or it would accept the clients of the next one.
                    close(listener)
                    return
                }
                Self.serve(connection, answer, seen)
            }
        }
    }

    /// Ends the thread, which closes the socket.
    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package var requests: [String] { seen.requests.withLock(\.self) }

    private static func serve(_ connection: Int32, _ answer: Answer, _ seen: Seen) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !isWhole(bytes) {
            let count = read(connection, &piece, piece.count)
            guard count > 0 else { return }
            bytes += piece[..<count]
        }
        seen.requests.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        guard case .status(let status, let headers, let body) = answer else {
            // Until the client goes.
            _ = read(connection, &piece, piece.count)
            return
        }
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        let text = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        var sent = 0
        while sent < text.count {
            let rest = Array(text[sent...])
            let count = send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return }
            sent += count
        }
        shutdown(connection, Int32(SHUT_WR))
        _ = read(connection, &piece, piece.count)
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        return text[end.upperBound...].utf8.count >= length ?? 0
    }
}
