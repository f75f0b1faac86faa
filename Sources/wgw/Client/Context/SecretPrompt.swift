import CommandLineProgram
import Glibc

/// Reads an API key from standard input: one line.
enum SecretPrompt {
    private static let maximumBytes = 4_096

    static func read(_ question: String) throws(CommandFailure) -> [UInt8] {
        do throws(HiddenLine.Failure) {
            return try HiddenLine.read(
                question,
                from: STDIN_FILENO,
                on: .standardError,
                atMost: maximumBytes
            )
        } catch {
            switch error {
            case .cancelled: throw CommandFailure("no API key was given; nothing was changed")
            case .tooLong:
                throw .usage(
                    "standard input has no end of a line in its first \(maximumBytes) bytes"
                )
            }
        }
    }
}
