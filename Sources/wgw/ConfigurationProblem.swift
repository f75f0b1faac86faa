/// What is wrong with the way the server was started: one sentence that says what to do.
struct ConfigurationProblem: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
