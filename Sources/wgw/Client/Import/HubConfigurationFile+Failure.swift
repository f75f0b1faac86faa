import CommandLineProgram
import HubRuntime

extension HubConfigurationFile {
    /// All that keeps the file from being taken over, each with its line.
    ///
    /// - Parameters:
    ///   - untold: the number of those that are not listed.
    ///   - state: what has been made of the file by now; completes the sentence.
    func failure(
        _ errors: [HubFileError],
        _ status: ExitStatus = .failed,
        untold: Int = 0,
        state: String = "nothing was changed"
    ) -> CommandFailure {
        guard errors.count > 1 else {
            return CommandFailure("\(errors.first.map { "\($0)" } ?? path); \(state)", status)
        }
        return CommandFailure(
            "\(path) cannot be taken over as it is, and \(state):",
            status,
            lines: errors.map { "\($0)" } + (untold > 0 ? ["and \(untold) more"] : [])
        )
    }
}
