import ArgumentParser
import CommandLineProgram
import GatewayDomain
import NetAddress

/// The settings that the server of this machine runs with, as far as this user may know: its command line, its
/// environment (readable by the same user and by root) and its config file.
struct ServedSettings {
    let publicHost: PublicHost
    let ports: ClosedRange<UInt16>
    let bindAddress: IPAddress?
    let workers: Int
    /// Whether the server carries gateways itself: one on PostgreSQL does not.
    let hasGateways: Bool

    /// - Parameter process: the server's; nil where none runs, for the settings of a next start.
    init(of process: Int32?, _ files: SystemFiles, host: Host) async throws(CommandFailure) {
        let given = Self.given(to: process, files)
        let sources = try await SettingSources(
            options: given.options,
            environment: given.environment,
            settings: ServeCommand.settings,
            host: host
        )
        let read = SettingReader(sources: sources, host: host)
        publicHost = try read(Settings.endpointAddress)
        ports = try read(Settings.portRange)
        bindAddress = try read(Settings.bindAddress)
        workers = try read(Settings.workers)
        hasGateways = try read(Settings.database) == nil
    }

    private static func given(
        to process: Int32?,
        _ files: SystemFiles
    ) -> (options: [SettingEntry: String], environment: [String: String]) {
        guard let process else { return ([:], [:]) }
        var options: [SettingEntry: String] = [:]
        let words = strings(in: "/proc/\(process)/cmdline", files)
        if let start = words.firstIndex(of: "serve"),
            let command = try? ServeCommand.parse(Array(words[(start + 1)...]))
        {
            options = .init(ServeCommand.options, givenTo: command)
        }
        var environment: [String: String] = [:]
        for line in strings(in: "/proc/\(process)/environ", files) {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        return (options, environment)
    }

    /// Each ends with a zero byte.
    private static func strings(in path: String, _ files: SystemFiles) -> [String] {
        (files.text(path) ?? "").split(separator: "\0").map(String.init)
    }
}
