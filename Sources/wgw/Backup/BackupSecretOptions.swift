import ArgumentParser
import BackupFile
import CommandLineProgram
import SystemIO

/// Where the secret of a backup comes from. It cannot be an argument, which other users can read.
struct BackupSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the passphrase on its one line, in place of the terminal.",
            valueName: "file"
        )
    )
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp(
            """
            A file of at least \(BackupSecret.fewestKeyFileBytes) random bytes, in place of a passphrase; \
            wg genpsk makes one.
            """,
            valueName: "file"
        )
    )
    var keyFile: String?

    /// A passphrase that is typed is asked for twice.
    func ofNewBackup() throws -> BackupSecret {
        if let given = try given() {
            if case .passphrase(let bytes) = given { try Self.refuseShort(bytes) }
            return given
        }
        let prompt = try PassphrasePrompt()
        let first = try prompt.ask("Passphrase for the backup: ")
        try Self.refuseShort(first)
        guard try prompt.ask("The same once more: ") == first else {
            throw CommandFailure("the two passphrases differ; run the command again")
        }
        return .passphrase(first)
    }

    func ofBackup(_ header: BackupHeader) throws -> BackupSecret {
        if let given = try given() { return given }
        switch header.secretKind {
        case .keyFile: throw BackupError.otherSecret(needed: .keyFile)
        case .passphrase:
            return .passphrase(try PassphrasePrompt().ask("Passphrase of the backup: "))
        }
    }

    /// Nil where neither file is named.
    private func given() throws(CommandFailure) -> BackupSecret? {
        switch (passphraseFile, keyFile) {
        case (nil, nil): return nil
        case (_?, _?):
            throw .usage("--passphrase-file and --key-file are two secrets; give one")
        case (let path?, nil):
            var bytes = try Self.bytes(in: path, of: "--passphrase-file")
            while let last = bytes.last, [0x0a, 0x0d].contains(last) { bytes.removeLast() }
            guard !bytes.isEmpty, !bytes.contains(0x0a) else {
                throw .usage("--passphrase-file: \(path) must hold the passphrase on one line")
            }
            return .passphrase(bytes)
        case (nil, let path?):
            let bytes = try Self.bytes(in: path, of: "--key-file")
            guard bytes.count >= BackupSecret.fewestKeyFileBytes else {
                throw .usage(
                    """
                    --key-file: \(path) must hold at least \(BackupSecret.fewestKeyFileBytes) bytes, as \
                    wg genpsk makes them
                    """
                )
            }
            return .keyFile(bytes)
        }
    }

    private static func bytes(
        in path: String,
        of option: String
    ) throws(CommandFailure) -> [UInt8] {
        do throws(SmallFileError) {
            return try SmallFile.read(path, atMost: BackupSecret.mostBytes)
        } catch {
            throw .usage("\(option): \(path) cannot be read: \(error)")
        }
    }

    private static func refuseShort(_ passphrase: [UInt8]) throws(CommandFailure) {
        let fewest = BackupSecret.fewestPassphraseBytes
        guard passphrase.count >= fewest else {
            throw CommandFailure("the passphrase must have at least \(fewest) characters")
        }
    }
}
