import GatewayDomain
import JSON
import OpenAPI

/// How values of one kind stand in JSON: their schema, the way there and the way back. What `encode`
/// writes, `decode` reads back as an equal value; the schema accepts it if a request may bring it.
package struct Codec<Value: Sendable>: Sendable {
    /// The schema of such a value, made with the description of the member that holds it.
    let schema: @Sendable (_ description: String) -> Schema
    let encode: @Sendable (Value) -> JSONValue
    /// Reads a value by its type and form only, as a client reads answers: a server may show what it
    /// would not take in a request, like a name that is older than a rule for names. `pointer` is where
    /// the value stands in its body; the thrown problem names it.
    let decode: @Sendable (JSONValue, _ pointer: String) throws(FieldProblem) -> Value
    /// Returns the value as it is taken from a request, or throws why it is not taken.
    let judge: @Sendable (Value) throws(FieldProblem.Reason) -> Value
    /// What reading found wrong inside of a value that was taken as a whole, like an element of an array.
    let problems: @Sendable (Value) -> [FieldProblem]

    init(
        schema: @escaping @Sendable (_ description: String) -> Schema,
        encode: @escaping @Sendable (Value) -> JSONValue,
        decode: @escaping @Sendable (JSONValue, _ pointer: String) throws(FieldProblem) -> Value,
        judge: @escaping @Sendable (Value) throws(FieldProblem.Reason) -> Value = { $0 },
        problems: @escaping @Sendable (Value) -> [FieldProblem] = { _ in [] }
    ) {
        self.schema = schema
        self.encode = encode
        self.decode = decode
        self.judge = judge
        self.problems = problems
    }
}

extension Codec {
    /// Reads a value of a request, and judges it.
    func decodeRequested(
        _ json: JSONValue,
        _ pointer: String
    ) throws(FieldProblem) -> Value {
        let value = try decode(json, pointer)
        do throws(FieldProblem.Reason) {
            return try judge(value)
        } catch {
            throw FieldProblem(pointer, error)
        }
    }

    /// A value that is a string in JSON. `read` says why a text is not such a value.
    static func string(
        _ schema: @escaping @Sendable (_ description: String) -> Schema,
        write: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) throws(FieldProblem.Reason) -> Value,
        judge: @escaping @Sendable (Value) throws(FieldProblem.Reason) -> Value = { $0 }
    ) -> Codec {
        Codec(
            schema: schema,
            encode: { .string(write($0)) },
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .string(let text) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "string"))
                }
                do throws(FieldProblem.Reason) {
                    let value = try read(text)
                    // Not every engine of the store takes it.
                    guard !text.utf8.contains(0) else {
                        throw .invalid("must not contain U+0000")
                    }
                    return value
                } catch {
                    throw FieldProblem(pointer, error)
                }
            },
            judge: judge
        )
    }
}
