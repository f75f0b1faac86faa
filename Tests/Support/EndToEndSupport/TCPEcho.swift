import Foundation
import Glibc

/// A TCP connection of the kernel's whose server sends back what its client sends. Both belong to the namespaces of
/// the threads that call.
package enum TCPEcho {
    private static let patienceSeconds = 30

    /// Serves one connection on a thread of its own. Returns the port.
    package static func serve(at address: String) throws -> UInt16 {
        var name = try SocketName(address, port: 0)
        let listener = try name.socket(SOCK_STREAM, waiting: patienceSeconds)
        try SocketName.check(name.with { bind(listener, $0, $1) })
        try SocketName.check(listen(listener, 1))
        try SocketName.check(name.fill { getsockname(listener, $0, $1) })
        Thread.detachNewThread {
            let connection = accept(listener, nil, nil)
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(connection, &piece, piece.count)
                guard count > 0, write(connection, piece, count) == count else { break }
            }
            close(connection)
            close(listener)
        }
        return name.port
    }

    /// Connects, sends all bytes and returns what came back until the server's end. Waits for it.
    package static func exchange(
        _ bytes: [UInt8],
        with address: String,
        _ port: UInt16
    ) throws -> [UInt8] {
        var name = try SocketName(address, port: port)
        let client = try name.socket(SOCK_STREAM, waiting: patienceSeconds)
        defer { close(client) }
        try SocketName.check(name.with { connect(client, $0, $1) })
        Thread.detachNewThread {
            _ = write(client, bytes, bytes.count)
            shutdown(client, Int32(SHUT_WR))
        }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(client, &piece, piece.count)
            try SocketName.check(Int32(count))
            guard count > 0 else { return received }
            received += piece[..<count]
        }
    }
}
