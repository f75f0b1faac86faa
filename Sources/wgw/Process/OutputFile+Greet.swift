import CommandLineProgram
import Logging

extension OutputFile {
    /// Time for a reader that is about to read.
    private static let greetingPatience = Duration.seconds(1)

    /// What an operator reads when all is up, which goes on without it: a full disk or a reader that
    /// has left is no reason to stop.
    func greet(_ text: String, logger: Logger) {
        do throws(OutputFailure) {
            try write(text, patience: Self.greetingPatience)
        } catch {
            logger.warning("the greeting was not written", metadata: ["reason": "\(error)"])
        }
    }
}
