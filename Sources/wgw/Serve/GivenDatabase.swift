import CommandLineProgram
import GatewayStore

/// The database of PostgreSQL that the operator named.
struct GivenDatabase: Equatable {
    /// May hold a password.
    let url: String

    /// Nil where none is named, for SQLite in the data directory.
    init?(_ read: SettingReader) throws(CommandFailure) {
        guard let url = try read(Settings.database) else { return nil }
        let option = Settings.database.entry.option
        let isInOptions = try read.sources.value(of: Settings.database.entry)?.name == option
        if isInOptions { try Self.refusePassword(inURL: url, of: option) }
        try Self.refuseOther(url)
        self.url = url
    }

    /// A text that is not a URL of PostgreSQL is a mistake in the call, of which no server has to be asked.
    private static func refuseOther(_ url: String) throws(CommandFailure) {
        do {
            try Store.check(databaseURL: url)
        } catch {
            throw .usage("\(error)")
        }
    }

    static func refusePassword(inURL url: String, of option: String) throws(CommandFailure) {
        guard Store.showsPassword(inURL: url) else { return }
        throw .usage(
            """
            \(option) shows the password to every user of this machine, in the list of processes; put it into a \
            file for this user alone, host:port:database:user:password, and name that in PGPASSFILE
            """
        )
    }
}
