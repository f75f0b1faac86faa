/// How bad it is what was found, the worst first.
package enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Something does not work.
    case error
    /// Something may not work as it is meant to, or will stop working.
    case warning
    /// Nothing is wrong.
    case info
    /// Nothing has to be done.
    case ok

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Sequence {
    /// The worst first, and those of one severity in their order.
    package func worstFirst(_ severity: (Element) -> Severity) -> [Element] {
        enumerated()
            .map { (rank: (severity($0.element), $0.offset), element: $0.element) }
            .sorted { $0.rank < $1.rank }
            .map(\.element)
    }
}
