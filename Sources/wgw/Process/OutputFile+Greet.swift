import CommandLineProgram
import Logging

extension OutputFile {
    /// How long the greeting waits for a reader.
    private static let greetingPatience = Duration.seconds(1)

    /// Writes what the operator reads when all is up. The server goes on without it where the disk is full
    /// or the reader has left.
    func greet(_ text: String, logger: Logger) {
        do throws(OutputFailure) {
            try write(text, patience: Self.greetingPatience)
        } catch {
            logger.warning("the greeting was not written", metadata: ["reason": "\(error)"])
        }
    }
}
