/// Why a command ends without having done its work: one sentence that says what to do.
package struct CommandFailure: Error, Equatable, CustomStringConvertible {
    package let description: String
    /// Whether the command was called wrongly, which its help text puts right. Otherwise the machine
    /// or another program is in the way.
    package let isUsage: Bool

    package init(_ description: String) {
        self.init(description, isUsage: false)
    }

    private init(_ description: String, isUsage: Bool) {
        self.description = description
        self.isUsage = isUsage
    }

    package static func usage(_ description: String) -> CommandFailure {
        CommandFailure(description, isUsage: true)
    }
}
