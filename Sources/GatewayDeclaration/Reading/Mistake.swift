/// What is wrong with a declaration, and where: a whole sentence without the full stop.
package struct Mistake: Error, Equatable, Sendable {
    /// Counted from 1.
    package let line: Int
    package let text: String

    package init(line: Int, _ text: String) {
        self.line = line
        self.text = text
    }
}
