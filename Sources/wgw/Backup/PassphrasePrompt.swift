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
        var shown = termios()
        guard tcgetattr(terminal, &shown) == 0 else {
            throw CommandFailure(
                "the terminal cannot be asked: \(String(cString: strerror(errno)))"
            )
        }
        var hidden = shown
        // Control-C comes as a character, too: ending here would leave the terminal without its echo.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { tcsetattr(terminal, TCSAFLUSH, &shown) }
        let output = OutputFile(descriptor: terminal, name: "the terminal")
        try output.write(question)
        let answer = line()
        try output.write("\n")
        guard let answer else { throw CommandFailure("no passphrase was given") }
        return answer
    }

    /// Nil for Control-C, the end of the input, and more than any passphrase has.
    private func line() -> [UInt8]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= BackupSecret.mostBytes {
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != 0x03 else { return nil }
            if byte == 0x0a { return bytes }
            bytes.append(byte)
        }
        return nil
    }
}
