/// What a request says of one attribute of an object. Reading a body judges each value as far as that
/// takes no database, and leaves mistakes where they are: a verb reports them together with its own.
package struct Field<Value: Sendable>: Sendable {
    package enum Content: Sendable {
        case absent
        case null
        case value(Value)
        /// The body has something else there.
        case wrong(FieldProblem)
    }

    package let content: Content
    /// Where the attribute stands in the body, as a JSON pointer. It is empty, which points at the
    /// whole, in a request that was not read from a body.
    package let pointer: String

    package init(_ content: Content, at pointer: String = "") {
        self.content = content
        self.pointer = pointer
    }
}

extension Field {
    package static var absent: Field { Field(.absent) }
    package static var null: Field { Field(.null) }

    package static func value(_ value: Value) -> Field { Field(.value(value)) }

    package var isAbsent: Bool {
        guard case .absent = content else { return false }
        return true
    }

    package var isNull: Bool {
        guard case .null = content else { return false }
        return true
    }

    /// Whether the request says nothing of it, where `null` is like absence.
    package var isUnsaid: Bool { isAbsent || isNull }

    /// What an attribute is after a change: an absent member leaves the old value; `null` takes it away,
    /// as `new` is nil then. A list of fields is judged to a list of their values, of another type.
    package func replacing<Judged>(_ old: Judged?, by new: Judged?) -> Judged? {
        isAbsent ? old : new
    }

    /// What reading the body found wrong.
    package var problem: FieldProblem? {
        guard case .wrong(let problem) = content else { return nil }
        return problem
    }
}
