import ArgumentParser
import CommandLineProgram

/// What is deleted for good takes a yes: that of a person at the terminal, or `--yes` of who wrote the command.
struct DeletionConsent: ParsableArguments {
    @Flag(
        name: .shortAndLong,
        help: "Do not ask. Without a terminal nothing is deleted unless this is said."
    )
    var yes = false

    /// - Parameter objects: what would be deleted, with what goes with it.
    func require(for objects: String) throws {
        guard !yes else { return }
        guard Question.canBeAsked else {
            throw CommandFailure.usage(
                "deleting \(objects) takes a yes at a terminal, and there is none; say --yes"
            )
        }
        guard try Question.isAnsweredYes("Delete \(objects)?") else {
            throw CommandFailure("nothing was deleted, as the answer was not yes")
        }
    }
}
