import CommandLineProgram

/// Takes the only thing that there is, where a command names none.
enum OnlyOne {
    /// More commands than this are not read by a person.
    private static let mostShown = 10

    /// Nil where there is none.
    ///
    /// - Parameters:
    ///   - things: in the plural, for the error.
    ///   - command: the command that would take this one.
    static func of<Thing>(
        _ found: [Thing],
        _ things: String,
        command: (Thing) -> String
    ) throws(CommandFailure) -> Thing? {
        guard found.count > 1 else { return found.first }
        let commands = found.prefix(mostShown).map { "  " + command($0) }
        let more = found.count > mostShown ? ["  and \(found.count - mostShown) more"] : []
        throw CommandFailure(
            "there are \(found.count) \(things); say which:",
            .conflict,
            lines: commands + more
        )
    }
}
