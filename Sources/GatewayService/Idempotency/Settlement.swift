import GatewayStore

/// How the answer to a request is kept for its repetition. A verb that makes something calls it at
/// the end of its transaction: either the object and the answer are there, or neither.
package struct Settlement<Value: Sendable>: Sendable {
    private let keep: (@Sendable (Value, any SQLConnection) throws -> Void)?

    /// For requests that nobody will repeat.
    package static var none: Settlement { Settlement(keep: nil) }

    private init(keep: (@Sendable (Value, any SQLConnection) throws -> Void)?) {
        self.keep = keep
    }

    init(_ keep: @escaping @Sendable (Value, any SQLConnection) throws -> Void) {
        self.keep = keep
    }

    func callAsFunction(_ value: Value, _ db: any SQLConnection) throws {
        try keep?(value, db)
    }
}
