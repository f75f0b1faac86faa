import SystemIO

/// Whether gateways get the socket buffers that they ask for: without, a burst that a worker cannot take at once
/// is lost.
enum SocketBufferCheck {
    private static let names = ["net.core.rmem_max", "net.core.wmem_max"]

    static func run(_ files: SystemFiles) -> CheckResult {
        let limits = names.map { files.number("/proc/sys/\($0.replacing(".", with: "/"))") }
        guard let receive = limits[0], let send = limits[1] else {
            return .ok(.socketBuffers, "The limits of socket buffers cannot be read here.")
        }
        let wanted = UDPSocket.wantedBufferBytes
        guard min(receive, send) < wanted else {
            return .ok(
                .socketBuffers,
                "Gateways get socket buffers of \(mebibytes(wanted)) MiB, as they want."
            )
        }
        let settings = names.map { "\($0)=\(wanted)" }.joined(separator: " ")
        return .warning(
            .socketBuffers,
            """
            Gateways want socket buffers of \(mebibytes(wanted)) MiB; the system gives \
            \(mebibytes(receive)) MiB for receiving and \(mebibytes(send)) MiB for sending, so that bursts may be lost.
            """,
            nextStep:
                "Raise the limits, and restart the server; a file in /etc/sysctl.d keeps them.",
            command: "sudo sysctl -w \(settings)"
        )
    }

    /// To a tenth.
    private static func mebibytes(_ bytes: Int) -> String {
        let tenths = (bytes * 10 + 1 << 19) >> 20
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
