/// What a user typed as a password. It is not printed with what holds it.
package struct Password: Sendable, Equatable, CustomStringConvertible {
    package static let minimumLength = 10
    package static let maximumLength = 256

    /// A longer text is too long in any form, and is left as it is.
    private static let mostBytes = 32 * maximumLength

    package let text: String

    /// Any text, to be compared with a stored password: also one that could not be chosen.
    ///
    /// The same password comes from all keyboards: in one normalization form, and with the blank of ASCII for any
    /// other (RFC 8265 section 4.2).
    package init(typed text: String) {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }), text.utf8.count <= Self.mostBytes else {
            self.text = text
            return
        }
        let scalars = text.unicodeScalars.map {
            $0.properties.generalCategory == .spaceSeparator ? " " : $0
        }
        self.text = String(String.UnicodeScalarView(scalars)).precomposed
    }

    package var description: String { "a password" }
}
