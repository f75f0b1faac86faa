import CLinux
import Glibc

/// Asks the kernel's routing, one request after the other. Belongs to one thread.
package struct NetlinkSocket: ~Copyable {
    private let descriptor: Int32
    /// More than any answer; a dump comes in pieces of at most 32 KiB.
    private static let bufferBytes = 1 << 16
    /// Answers of one dump: many times the full table of the internet.
    private static let mostPieces = 1 << 20

    package init() throws(SystemError) {
        descriptor = try checked("socket AF_NETLINK", clinux_netlink_open())
    }

    deinit { close(descriptor) }

    /// - Parameter call: what is asked, for errors.
    func request(_ message: NetlinkMessage, as call: String) throws(SystemError) {
        try send(message, as: call)
        try receive(as: call) { _ in }
    }

    /// `body` is called with each answer.
    func ask(
        _ message: NetlinkMessage,
        as call: String,
        _ body: (NetlinkAnswer) -> Void
    ) throws(SystemError) {
        try send(message, as: call)
        try receive(as: call, body)
    }

    private func send(_ message: NetlinkMessage, as call: String) throws(SystemError) {
        let bytes = message.bytes
        try checked(call, clinux_netlink_send(descriptor, bytes, bytes.count))
    }

    /// Until the kernel says that this was all.
    private func receive(
        as call: String,
        _ body: (NetlinkAnswer) -> Void
    ) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        for _ in 0..<Self.mostPieces {
            let count = clinux_netlink_receive(descriptor, &buffer, buffer.count)
            if count == -EINTR { continue }
            try checked(call, count)
            for answer in NetlinkAnswer.all(in: Array(buffer.prefix(Int(count)))) {
                guard answer.type == NetlinkAnswer.error || answer.type == NetlinkAnswer.done else {
                    body(answer)
                    continue
                }
                let status = answer.body.number(at: 0, as: Int32.self) ?? 0
                try checked(call, min(status, 0))
                return
            }
        }
    }
}
