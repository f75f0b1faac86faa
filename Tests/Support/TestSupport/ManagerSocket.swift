import Foundation
import Glibc

/// The socket of a service manager that reads what a service says of itself (sd_notify).
package final class ManagerSocket: Sendable {
    private let descriptor: Int32

    /// - Parameter name: as in NOTIFY_SOCKET: a path, or an abstract name behind `@`.
    package init(_ name: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        guard UnixName(name).with({ bind(descriptor, $0, $1) }) == 0 else {
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
