import Glibc

/// The socket on which the service manager that started this process waits to be told how it is: sd_notify(3)
/// of systemd, which is a datagram to the socket that NOTIFY_SOCKET names.
struct NotifySocket: Sendable {
    enum Message: Sendable {
        /// Started, or done with reading its files again. The text is for a person who asks how it is.
        case ready(status: String)
        case reloading
        case stopping
        case alive
    }

    /// Of a socket in the file system or, with a zero byte in front, of an abstract one.
    private let path: [UInt8]
    /// The longest time between two words that the process is alive; nil where the manager wants none.
    let watchdogInterval: Duration?

    /// Nil where the process was started by other means. Sockets of other families, such as those of
    /// virtual machines, are for the manager of a whole system.
    init?(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], let first = name.utf8.first,
            name.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        switch first {
        case UInt8(ascii: "/"): path = Array(name.utf8)
        case UInt8(ascii: "@"): path = [0] + name.utf8.dropFirst()
        default: return nil
        }
        watchdogInterval = Self.watchdogInterval(environment)
    }

    /// WATCHDOG_PID names the process that the interval is meant for, which may be one that started this.
    private static func watchdogInterval(_ environment: [String: String]) -> Duration? {
        guard let microseconds = environment["WATCHDOG_USEC"].flatMap(Int.init), microseconds > 0,
            environment["WATCHDOG_PID"].map({ $0 == "\(getpid())" }) ?? true
        else { return nil }
        return .microseconds(microseconds)
    }

    /// Waits for a manager that does not read, though not longer than a second.
    func tell(_ message: Message) throws(NotTold) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw NotTold(code: errno) }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        let text = Array(text(of: message).utf8)
        let sent = withAddress { address, length in
            sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), address, length)
        }
        guard sent == text.count else { throw NotTold(code: errno) }
    }

    private func text(of message: Message) -> String {
        switch message {
        case .ready(let status):
            "READY=1\nSTATUS=\(status.split(separator: "\n").joined(separator: " "))"
        // The time tells the READY=1 of this reload from that of an earlier one.
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds)"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        }
    }

    private static var monotonicMicroseconds: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1_000
    }

    /// An abstract name ends where the address does, and not at a zero byte.
    private func withAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let head = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 0
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(head + path.count))
            }
        }
    }
}

/// Why the service manager does not know.
struct NotTold: Error, CustomStringConvertible {
    let code: Int32

    var description: String { String(cString: strerror(code)) }
}
