/// Why a measurement could not be made, or must not be believed: one sentence that says what to do.
package struct LoadError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(call: String, errno: Int32) {
        self.init("\(call) failed: \(SystemFile.message(of: errno))")
    }
}
