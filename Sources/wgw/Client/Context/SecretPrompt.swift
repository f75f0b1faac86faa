import CommandLineProgram
import Glibc

/// Reads a secret from standard input: one line, which a terminal does not show while it is typed.
enum SecretPrompt {
    private static let maximumBytes = 4_096

    static func read(_ question: String) throws -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        let answer = try HiddenLine.ask(
            question,
            on: STDIN_FILENO,
            showing: .standardError,
            atMost: maximumBytes
        )
        guard let answer else { throw CommandFailure("no key was given") }
        return answer
    }

    private static func line() throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < maximumBytes {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != UInt8(ascii: "\n") else { return bytes }
            bytes.append(byte)
        }
        throw .usage("standard input has no end of a line in its first \(maximumBytes) bytes")
    }
}
