import ArgumentParser
import CommandLineProgram
import Foundation

/// Finds data directory and database as `wgw serve` does.
struct DataDirectoryOptions: ParsableArguments {
    @Option(Settings.dataDir) var dataDir: String?
    @Option(Settings.database) var database: String?
    @Option(Settings.config) var config: String?

    private static let options: [SettingOption<DataDirectoryOptions>] = [
        .init(Settings.dataDir, \.dataDir), .init(Settings.database, \.database),
        .init(Settings.config, \.config),
    ]

    struct Found {
        let path: String
        /// As `WGW_MASTER_KEY` has it.
        let masterKey: String?
        /// Nil for SQLite in the directory.
        let database: GivenDatabase?
    }

    func find() async throws(CommandFailure) -> Found {
        let host = Host.current
        let sources = try await SettingSources(
            options: .init(Self.options, givenTo: self),
            environment: ProcessInfo.processInfo.environment,
            settings: ServeCommand.settings,
            host: host
        )
        let read = SettingReader(sources: sources, host: host)
        return Found(
            path: try read(Settings.dataDir),
            masterKey: try read(Settings.masterKey),
            database: try GivenDatabase(read)
        )
    }
}
