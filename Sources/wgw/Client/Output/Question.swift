import CommandLineProgram
import Glibc

/// A question to the person at the terminal.
enum Question {
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Only `y` and `yes` mean yes.
    static func isAnsweredYes(_ question: String) throws(OutputFailure) -> Bool {
        // It would be written over the question.
        WaitingNote.end()
        try OutputFile.standardError.write("\(question) [y/N] ")
        guard let line = try? InputLine.read(from: STDIN_FILENO, atMost: 100), line.end == .line
        else { return false }
        let answer = String(decoding: line.bytes, as: UTF8.self).lowercased()
        return ["y", "yes"].contains(answer.filter { !$0.isWhitespace })
    }
}
