import CommandLineProgram
import Glibc

/// Whether the server may open enough files for the gateways that its port range has room for.
enum OpenFileCheck {
    /// - Parameter process: the server's; nil where it runs elsewhere, and nothing can be seen of it.
    static func run(
        _ files: SystemFiles,
        process: Int32,
        processors: Int,
        workers: Int,
        ports: ClosedRange<UInt16>
    ) -> CheckResult {
        guard let limit = limit(of: process, files) else {
            return .ok(.openFiles, "The server's limit of open files cannot be read by this user.")
        }
        let open = files.names(in: "/proc/\(process)/fd").count { Int($0) != nil }
        let room: Int
        do throws(TooFewFileDescriptors) {
            let shares = try FileDescriptors(limit: limit, processors: processors, workers: workers)
            room = shares.gatewaySockets / (workers + 1)
        } catch {
            return .error(
                .openFiles,
                "The server will not start again: \(error).",
                nextStep: advice,
                command: command
            )
        }
        let used = open > 0 ? " It has \(open) open." : ""
        guard room < ports.count else {
            return .ok(
                .openFiles,
                "The server may open \(limit) files, which is enough for all \(ports.count) ports.\(used)"
            )
        }
        return .warning(
            .openFiles,
            """
            The server may open \(limit) files, which is enough for \(room) gateways of the \(ports.count) that the \
            port range has room for.\(used)
            """,
            nextStep: advice,
            command: command
        )
    }

    private static let advice = """
        Set LimitNOFILE=524288 in the unit of systemd, or ulimit -n 524288 before wgw serve, and restart the server.
        """
    private static let command = "sudo systemctl edit wgw"

    /// The server has raised its soft limit to the hard one. `Max open files  SOFT  HARD  files`
    private static func limit(of process: Int32, _ files: SystemFiles) -> Int? {
        let name = "Max open files"
        guard let text = files.text("/proc/\(process)/limits"),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) })
        else { return nil }
        return line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }
}
