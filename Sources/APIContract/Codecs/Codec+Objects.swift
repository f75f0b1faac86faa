import GatewayDomain
import JSON
import OpenAPI

extension Codec {
    /// An object with a schema of its own in the document's components.
    static func reference<Members: AnswerMembers>(
        to contract: AnswerContract<Members>,
        _ make: @escaping @Sendable (Decoded<Members>) -> Value
    ) -> Codec where Members.Object == Value {
        .object(contract, schema: { .named(contract.name, $0) }, make)
    }

    /// An object whose schema stands where it is used.
    static func inline<Members: AnswerMembers>(
        _ contract: AnswerContract<Members>,
        _ make: @escaping @Sendable (Decoded<Members>) -> Value
    ) -> Codec where Members.Object == Value {
        .object(contract, schema: contract.schema(described:), make)
    }

    private static func object<Members: AnswerMembers>(
        _ contract: AnswerContract<Members>,
        schema: @escaping @Sendable (_ description: String) -> Schema,
        _ make: @escaping @Sendable (Decoded<Members>) -> Value
    ) -> Codec where Members.Object == Value {
        Codec(schema: schema, encode: contract.encode) { (value, pointer) throws(FieldProblem) in
            make(try contract.decode(value, at: pointer))
        }
    }
}
