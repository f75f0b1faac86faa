import ArgumentParser
import CommandLineProgram
import GatewayService
import Glibc

/// `wgw backup`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write an encrypted backup of the installation into a file.",
        discussion: """
            The servers may run meanwhile: the backup is their database as of one moment, whether SQLite or \
            PostgreSQL, with the master key and the file of the first API key. It is encrypted with a passphrase, \
            which is asked for twice, or with --passphrase-file or --key-file. Keep the secret elsewhere: without it \
            the backup is of no use.

            Run it as the user that runs the server, or as root. While it runs, the file's folder \
            needs room for the database twice.

            wgw restore FILE --verify looks a backup through; wgw restore FILE --data-dir DIR makes \
            a data directory of it, and with --database URL it goes into an empty database of PostgreSQL.
            """
    )

    @Argument(help: "The file to write; its mode is 0600.")
    var file: String

    @Flag(help: "Replace the file where it exists.")
    var force = false

    @OptionGroup var secret: BackupSecretOptions
    @OptionGroup var directory: DataDirectoryOptions

    func run() async throws {
        let directory = try await directory.find()
        if directory.database == nil { try requireDatabase(in: directory.path) }
        let draft = try DraftFile(file, replacing: force)
        let secret = try secret.ofNewBackup()
        Interruption.prepare()
        let making = MakeBackup(directory: directory, secret: secret)
        let made = try await WaitingNote.shown("copying the database") {
            try making.write(to: draft)
        }
        try OutputFile.standardOutput.write(
            """
            Wrote \(file): \(made.inspection.counts), \(HumanText.bytes(UInt64(made.size))).
            To look it through: wgw restore \(file) --verify

            """
        )
        BackupFindings(made.inspection).warn()
    }

    private func requireDatabase(in directory: String) throws(CommandFailure) {
        guard access(directory + "/wgw.db", R_OK) != 0 else { return }
        guard errno != EACCES else {
            throw CommandFailure(
                "\(directory) cannot be read; run this as the server's user, or as root",
                .denied
            )
        }
        throw CommandFailure(
            """
            there is no installation in \(directory); name the server's data directory by --data-dir, or its \
            database of PostgreSQL by --database
            """,
            .notFound
        )
    }
}
