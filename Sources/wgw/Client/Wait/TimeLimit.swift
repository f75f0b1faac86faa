import CommandLineProgram

/// How long a command waits, as it was given: `90s`.
struct TimeLimit: Sendable, CustomStringConvertible {
    static let form = "a time like 90s, 5m or 1h"

    let description: String
    let duration: Duration

    /// Nil for another form, for none at all, and for more than a year.
    init?(_ text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(digits), count > 0,
            count <= 31_536_000 / (unit ?? 1)
        else { return nil }
        description = unit == nil ? text + "s" : text
        duration = .seconds(count * (unit ?? 1))
    }

    /// Runs `body`, and ends it when the time is over.
    ///
    /// - Parameters:
    ///   - goal: behind the words "Waiting for", which a person reads after a second.
    ///   - failure: the sentence of the timeout.
    func run(
        _ goal: String,
        _ body: @escaping @Sendable () async throws -> Void,
        failure: @escaping @Sendable () -> String
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try await Task.sleep(for: duration)
                throw CommandFailure(failure(), .timedOut)
            }
            if Screen.errors.isTerminal {
                group.addTask {
                    try await Task.sleep(for: .seconds(1))
                    try OutputFile.standardError.write("Waiting for \(goal) …\n")
                    return false
                }
            }
            while try await group.next() == false {}
            group.cancelAll()
        }
    }
}
