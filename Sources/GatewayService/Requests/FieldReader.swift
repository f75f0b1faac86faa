import GatewayDomain

/// Judges the fields of one request and collects everything that is wrong with them, also what only
/// the database can tell, so that one answer can name it all. What a request must have comes out of
/// `finish`, which throws the collected problems if there are any.
struct FieldReader: Sendable {
    private var problems: [FieldProblem] = []

    init() {}

    /// What a field says that the request must have.
    mutating func required<Value>(_ field: Field<Value>) -> Checked<Value> {
        value(field, default: nil)
    }

    /// What a field says, or the value that takes its place where the request says nothing.
    mutating func value<Value>(
        _ field: Field<Value>,
        default fallback: Value?
    ) -> Checked<Value> {
        switch field.content {
        case .value(let value): .known(value)
        case .absent, .null: fallback.map { .known($0) } ?? reported(field, .missing)
        case .wrong(let problem): reported(problem)
        }
    }

    /// Nil where the request says nothing, or something wrong, which is reported.
    mutating func optional<Value>(_ field: Field<Value>) -> Value? {
        optional(field) { _ in nil }
    }

    /// The same for a value that `judge` may find wrong.
    mutating func optional<Value>(
        _ field: Field<Value>,
        judging judge: (Value) throws -> FieldProblem.Reason?
    ) rethrows -> Value? {
        switch field.content {
        case .value(let value):
            guard let reason = try judge(value) else { return value }
            report(field, reason)
        case .wrong(let problem):
            problems.append(problem)
        case .absent, .null:
            break
        }
        return nil
    }

    /// What the value of a field names. `find` looks for it.
    mutating func existing<Value, Object: Sendable>(
        _ value: Checked<Value>,
        of field: Field<Value>,
        else reason: FieldProblem.Reason = .unknownAssociation,
        find: (Value) throws -> Object?
    ) rethrows -> Checked<Object> {
        switch value {
        case .known(let value): try find(value).map { .known($0) } ?? reported(field, reason)
        case .reported(let problem): .reported(problem)
        }
    }

    mutating func report<Value>(_ field: Field<Value>, _ reason: FieldProblem.Reason) {
        problems.append(FieldProblem(field.pointer, reason))
    }

    mutating func reported<Value, Result: Sendable>(
        _ field: Field<Value>,
        _ reason: FieldProblem.Reason
    ) -> Checked<Result> {
        reported(FieldProblem(field.pointer, reason))
    }

    private mutating func reported<Result: Sendable>(_ problem: FieldProblem) -> Checked<Result> {
        problems.append(problem)
        return .reported(problem)
    }

    func finish() throws(ServiceError) {
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    /// `make` gets the values of a request in which everything is right.
    func finish<Result>(_ make: (RightFields) throws -> Result) throws -> Result {
        try finish()
        return try make(RightFields())
    }
}

/// A value that a request must have.
enum Checked<Value: Sendable>: Sendable {
    case known(Value)
    /// It is missing or wrong, and the reader has reported it.
    case reported(FieldProblem)

    /// For the checks of other fields that depend on this one.
    var known: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }
}

/// Turns the checked values of a request without problems into plain ones. Only `FieldReader.finish`
/// makes one.
struct RightFields {
    fileprivate init() {}

    /// - Throws: the problem of a value that another reader reported.
    func value<Value>(_ checked: Checked<Value>) throws(ServiceError) -> Value {
        switch checked {
        case .known(let value): return value
        case .reported(let problem): throw .invalid([problem])
        }
    }
}
