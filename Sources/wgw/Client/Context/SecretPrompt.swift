import CommandLineProgram
import Glibc

/// Reads a secret from standard input: one line, which a terminal does not show while it is typed.
enum SecretPrompt {
    private static let maximumBytes = 4_096

    static func read(_ question: String) throws(CommandFailure) -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return try line() }
        var silent = settings
        // Control-C comes as a character, too: ending here would leave the terminal without its echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            try? OutputFile.standardError.write("\n")
        }
        try? OutputFile.standardError.write(question)
        return try line()
    }

    private static func line() throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < maximumBytes {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard byte != 0x03 else { throw CommandFailure("no key was given") }
            guard count == 1, byte != UInt8(ascii: "\n") else { return bytes }
            bytes.append(byte)
        }
        throw .usage("standard input has no end of a line in its first \(maximumBytes) bytes")
    }
}
