import Foundation
import Glibc

/// A UDP socket of the kernel's that sends back what it gets, and its counterpart. Both belong to the namespaces of
/// the threads that call.
package enum UDPEcho {
    private static let patienceSeconds = 30

    /// Serves on a thread of its own until nothing comes for half a minute. Returns the port.
    package static func serve(at address: String) throws -> UInt16 {
        var name = try SocketName(address, port: 0)
        let server = try name.socket(SOCK_DGRAM, waiting: patienceSeconds)
        try SocketName.check(name.with { bind(server, $0, $1) })
        try SocketName.check(name.fill { getsockname(server, $0, $1) })
        Thread.detachNewThread { [name] in
            var (name, piece) = (name, [UInt8](repeating: 0, count: 1 << 16))
            while true {
                var count = 0
                _ = name.fill { sender, length in
                    count = recvfrom(server, &piece, piece.count, 0, sender, length)
                    return 0
                }
                guard count >= 0 else { break }
                _ = name.with { Int32(truncatingIfNeeded: sendto(server, piece, count, 0, $0, $1)) }
            }
            close(server)
        }
        return name.port
    }

    /// Sends the bytes in one datagram, again each second, until something comes back, which it returns.
    package static func exchange(
        _ bytes: [UInt8],
        with address: String,
        _ port: UInt16
    ) throws -> [UInt8] {
        let name = try SocketName(address, port: port)
        let client = try name.socket(SOCK_DGRAM, waiting: 1)
        defer { close(client) }
        var target = name
        try SocketName.check(target.with { connect(client, $0, $1) })
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<patienceSeconds {
            _ = send(client, bytes, bytes.count, 0)
            let count = recv(client, &piece, piece.count, 0)
            if count >= 0 { return Array(piece[..<count]) }
        }
        throw POSIXError(.ETIMEDOUT)
    }
}
