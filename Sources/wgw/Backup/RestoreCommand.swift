import ArgumentParser
import BackupFile
import CommandLineProgram
import Foundation
import GatewayDomain
import GatewayService
import GatewayStore
import Glibc

/// `wgw restore`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data directory or a database of a backup, or look a backup through.",
        discussion: """
            The directory must be empty or missing. All of the backup is checked before anything \
            takes its place there; a restore that fails leaves the directory as it was. Start the \
            server there afterwards, and never two servers from one backup: peers keep their \
            configs, and connect again.

            With --database, the backup goes into an empty database of PostgreSQL, in one transaction, and its keys \
            into the data directory where that has none. A backup goes to either engine, whichever it was made of.

            Programs that follow the changes and have seen more than the backup holds are told that \
            their place is gone, and read everything anew.
            """
    )

    @Argument(help: "The file that wgw backup wrote.")
    var file: String

    @Flag(help: "Look the whole backup through, and restore nothing.")
    var verify = false

    @OptionGroup var secret: BackupSecretOptions
    @OptionGroup var directory: DataDirectoryOptions

    func run() async throws {
        let place = verify ? nil : try await directory.find()
        if let place, place.database == nil { try refuseOthers(in: place.path) }
        do {
            let handle = try openFile()
            let backup = try ClosedBackup { count in
                try Interruption.check()
                return Array(try handle.read(upToCount: count) ?? Data())
            }
            let secret = try secret.ofBackup(backup.header)
            Interruption.prepare()
            let restored = try await WaitingNote.shown("opening \(file)") {
                var reader = try backup.open(with: secret)
                return try RestoreBackup(into: place).run(&reader)
            }
            let time = Timestamp(
                microseconds: Int64(clamping: backup.header.madeAt) * 1_000_000
            )
            try OutputFile.standardOutput.write(
                place.map { place in
                    // Its URL may hold a password.
                    let isSQLite = place.database == nil
                    return """
                        Restored \(isSQLite ? place.path : "the database"): \(restored.counts), as of \(time).
                        To start the server: wgw serve --data-dir \(place.path)\(isSQLite ? "" : " --database URL")

                        """
                } ?? "\(file) is good: \(restored.counts), as of \(time).\n"
            )
            let findings = BackupFindings(restored)
            if verify, let sentence = findings.sentence { throw CommandFailure(sentence) }
            findings.warn()
        } catch TransferFailure.notEmpty(let table) {
            throw CommandFailure("\(TransferFailure.notEmpty(table: table))", .conflict)
        } catch let error as BackupError {
            throw CommandFailure("\(file) \(error)")
        }
    }

    /// Before a passphrase is asked for.
    private func refuseOthers(in directory: String) throws {
        do {
            try RestoreFolder.refuseOthers(in: directory)
        } catch .notEmpty(let path) {
            throw CommandFailure("\(StoreError.notEmpty(path: path))", .conflict)
        }
    }

    private func openFile() throws(CommandFailure) -> FileHandle {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure("\(file) cannot be read: \(reason)", .notFound)
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
