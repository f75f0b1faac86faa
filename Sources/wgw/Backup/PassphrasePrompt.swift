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

    func ask(_ question: String) throws -> [UInt8] {
        let answer = try HiddenLine.ask(
            question,
            on: terminal,
            showing: OutputFile(descriptor: terminal, name: "the terminal"),
            atMost: BackupSecret.mostBytes
        )
        guard let answer else { throw CommandFailure("no passphrase was given") }
        return answer
    }
}
