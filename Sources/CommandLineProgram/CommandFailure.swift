/// Why a command ends without having done its work: one sentence that says what to do.
package struct CommandFailure: Error, Equatable, CustomStringConvertible {
    package let description: String
    package let status: ExitStatus
    /// What the sentence lists, where that is more than a sentence holds: each a line below it.
    package let lines: [String]

    package init(_ description: String, _ status: ExitStatus = .failed, lines: [String] = []) {
        self.description = description
        self.status = status
        self.lines = lines
    }

    package static func usage(_ description: String) -> CommandFailure {
        CommandFailure(description, .usage)
    }
}
