import BackupFile
import CommandLineProgram
import Glibc

/// Asks on the terminal of the process, wherever its input and output go, and shows nothing of the answer.
final class PassphrasePrompt {
    private let terminal: Int32

    init() throws(CommandFailure) {
        terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw .usage(
                "there is no terminal to ask for a passphrase; give --passphrase-file or --key-file"
            )
        }
    }

    deinit { close(terminal) }

    func ask(_ question: String) throws(CommandFailure) -> [UInt8] {
        do throws(HiddenLine.Failure) {
            return try HiddenLine.read(
                question,
                from: terminal,
                on: OutputFile(descriptor: terminal, name: "the terminal"),
                atMost: BackupSecret.mostBytes
            )
        } catch {
            switch error {
            case .cancelled: throw CommandFailure("no passphrase was given")
            case .tooLong:
                throw CommandFailure(
                    "the passphrase has more than \(BackupSecret.mostBytes) bytes; take --key-file"
                )
            }
        }
    }
}
