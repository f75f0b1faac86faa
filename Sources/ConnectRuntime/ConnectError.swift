/// Why the machine cannot be connected: a sentence that says what to do.
package struct ConnectError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
