/// The kinds of objects that a declaration may hold: those that others belong to come first.
package enum DeclaredKind: Int, CaseIterable, Comparable, Sendable {
    case service
    case network
    case internetGateway
    case gateway
    case peer

    package static func < (left: DeclaredKind, right: DeclaredKind) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension DeclaredKind {
    /// What one object is called.
    package var noun: String { form.noun }

    /// The member of a declaration that lists the objects.
    package var section: String { "\(noun)s" }

    /// The kinds that the object belongs to, the nearest first.
    var ancestors: [DeclaredKind] {
        guard let parent = form.parent?.kind else { return [] }
        return [parent] + parent.ancestors
    }
}
