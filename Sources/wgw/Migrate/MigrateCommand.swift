import ArgumentParser
import CommandLineProgram
import GatewayStore
import Glibc

/// `wgw migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Move an installation from SQLite to PostgreSQL, or back.",
        discussion: """
            Stop the servers first: one that runs on either database is a reason to change nothing. The new database \
            must be empty or, for SQLite, a directory that is empty or missing. Every row is compared before anything \
            is stored there, in one transaction, and the old database stays as it was.

              wgw migrate --from sqlite:/var/lib/wgw --to postgres://wgw@db.example.net/wgw
              wgw migrate --from postgres://wgw@db.example.net/wgw --to sqlite:/var/lib/wgw-new

            Secrets stay sealed: the servers of the new database need the master key of the old one. The password of \
            PostgreSQL is in the file that PGPASSFILE names.

            Servers on PostgreSQL carry no gateways. Those of the server that was moved wait for a wgw node on its \
            machine, and the command says how it gets them. On the way back gateways stay on their nodes, until \
            wgw gateway move brings them to the server's own.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where the installation is: sqlite:DIR with its data directory, or a URL of PostgreSQL.",
            valueName: "database"
        )
    )
    var from: String

    @Option(help: ArgumentHelp("Where it goes, in the same words.", valueName: "database"))
    var to: String

    func run() async throws {
        let from = try DatabaseAddress(from, option: "--from")
        let to = try DatabaseAddress(to, option: "--to")
        guard from.isPostgreSQL || to.isPostgreSQL else {
            throw CommandFailure.usage(
                """
                one of --from and --to must be a URL of PostgreSQL; wgw backup and wgw restore move a data directory
                """
            )
        }
        Interruption.prepare()
        let moved = try await WaitingNote.shown("opening the databases") {
            do {
                return try move(from, to)
            } catch {
                throw CommandFailure(transfer: error) ?? error
            }
        }
        let report = MoveReport(moved, from: from, to: to)
        try OutputFile.standardOutput.write(report.text)
    }

    private func move(
        _ from: DatabaseAddress,
        _ to: DatabaseAddress
    ) throws -> Transfer.Moved {
        let progress: Transfer.Progress = { table, rows in
            try Interruption.check()
            WaitingNote.report("\(table): \(rows) rows")
        }
        switch to {
        case .postgreSQL(let url):
            return try Transfer.move(from: from.source, to: .postgreSQL(url: url), progress)
        case .sqlite(let directory):
            let folder = try RestoreFolder(directory: directory)
            let path = folder.path + "/wgw.db"
            try makeFile(path)
            let moved = try Transfer.move(from: from.source, to: .file(path), progress)
            try folder.publish()
            return moved
        }
    }

    /// For its owner alone; SQLite gives its other files the mode of this one.
    private func makeFile(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        close(descriptor)
    }
}
