/// What a user typed as a password. It is not printed with what holds it.
package struct Password: Sendable, Equatable, CustomStringConvertible {
    package static let minimumLength = 10
    package static let maximumLength = 256

    package let text: String

    /// Any text, to be compared with a stored password: also one that could not be chosen.
    package init(typed text: String) {
        self.text = text
    }

    package var description: String { "a password" }
}
