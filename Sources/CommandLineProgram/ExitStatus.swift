/// How a program ends, for the scripts that start it. The numbers are documented in README.md.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case done = 0
    case failed = 1
    /// The command was called wrongly, which its help text puts right.
    case usage = 2
    /// An object does not exist, or may not be seen.
    case notFound = 3
    /// The API key is not known, or may not do this.
    case denied = 4
    /// The request does not go together with what is there.
    case conflict = 5
    /// The server was not reached, is not trusted, or cannot serve at the moment.
    case unreachable = 6
    /// What was waited for has not happened in time.
    case timedOut = 7
}
