import CommandLineProgram
import Glibc

/// A question to the person at the terminal.
enum Question {
    static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Only `y` and `yes` mean yes.
    static func isAnsweredYes(_ question: String) throws(OutputFailure) -> Bool {
        try OutputFile.standardError.write("\(question) [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return ["y", "yes"].contains(answer.filter { !$0.isWhitespace })
    }
}
