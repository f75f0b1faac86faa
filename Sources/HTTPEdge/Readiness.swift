/// Whether this process can do its work. Each part that may stand in the way is asked every time.
package struct Readiness: Sendable {
    /// Answers nil, or why not in a whole sentence, which is shown to clients without a key.
    package typealias Part = @Sendable () async -> String?

    package static let always = Readiness([])

    private let parts: [Part]

    package init(_ parts: [Part]) {
        self.parts = parts
    }

    /// None when it can.
    package var reasons: [String] {
        get async {
            var reasons: [String] = []
            for part in parts {
                if let reason = await part() { reasons.append(reason) }
            }
            return reasons
        }
    }
}
