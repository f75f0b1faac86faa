import GatewayDomain
import JSON
import OpenAPI

/// How values of one kind stand in JSON: their schema, the way there and the way back. What `encode`
/// writes, the schema accepts and `decode` reads back as an equal value.
package struct Codec<Value: Sendable>: Sendable {
    /// The schema of such a value, made with the description of the member that holds it.
    let schema: @Sendable (_ description: String) -> Schema
    let encode: @Sendable (Value) -> JSONValue
    /// `pointer` is where the value stands in its body; the thrown problem names it.
    let decode: @Sendable (JSONValue, _ pointer: String) throws(FieldProblem) -> Value
}

extension Codec {
    /// A value that is a string in JSON. `read` says why a text is not such a value.
    static func string(
        _ schema: @escaping @Sendable (_ description: String) -> Schema,
        write: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) throws(FieldProblem.Reason) -> Value
    ) -> Codec {
        Codec(schema: schema, encode: { .string(write($0)) }) {
            (value, pointer) throws(FieldProblem) in
            guard case .string(let text) = value else {
                throw FieldProblem(pointer, .wrongType(expected: "string"))
            }
            do throws(FieldProblem.Reason) {
                return try read(text)
            } catch {
                throw FieldProblem(pointer, error)
            }
        }
    }
}
