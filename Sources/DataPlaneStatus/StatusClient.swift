import CLinux
import Glibc

/// Asks the processes of this user, or of this machine, for their gateways.
package enum StatusClient {
    /// More than a hundred thousand peers with many addresses each; whoever says more is no wgw.
    private static let maximumBytes = 1 << 30

    /// All interfaces of all processes that answer.
    package static func dump(in directory: StatusDirectory) throws(StatusProblem) -> StatusDump {
        let texts = directory.processes().compactMap { read(directory.socketPath(of: $0)) }
        guard !texts.isEmpty else {
            throw StatusProblem(
                "no wgw hub or wgw serve of this user is running (looked in \(directory.path))"
            )
        }
        var whole = StatusDump()
        for text in texts {
            guard let dump = StatusDump(text) else {
                throw StatusProblem("a process in \(directory.path) speaks another format")
            }
            whole.interfaces += dump.interfaces
        }
        return whole
    }

    /// Nil when nobody answers there.
    private static func read(_ path: String) -> String? {
        let descriptor = clinux_unix_connect(path, 10)
        guard descriptor >= 0 else {
            // Its process ended without a word.
            if descriptor == -ECONNREFUSED { unlink(path) }
            return nil
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < maximumBytes {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { return nil }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
        return nil
    }
}
