import Foundation
import Glibc

/// The socket of a service manager that reads what a service says of itself (sd_notify).
package final class ManagerSocket: Sendable {
    private let descriptor: Int32

    /// - Parameter name: as in NOTIFY_SOCKET: a path, or an abstract name behind `@`.
    package init(_ name: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard status == 0 else {
            throw Command.Failure(description: "\(name): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// The messages that have arrived since the last call, each with its lines.
    package func messages() -> [[Substring]] {
        var messages: [[Substring]] = []
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return messages }
            messages.append(
                String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
            )
        }
    }
}
