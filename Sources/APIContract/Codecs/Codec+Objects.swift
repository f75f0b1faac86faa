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

    /// An object of a request whose members are fields of their own, so that each is reported where it stands.
    static func request(_: Value.Type) -> Codec where Value: APIRequest {
        Codec(
            schema: { .named(Value.contract.name, $0) },
            encode: \.json,
            decode: { (value, pointer) throws(FieldProblem) in
                guard case .object(let object) = value else {
                    throw FieldProblem(pointer, .wrongType(expected: "object"))
                }
                return Value(object, at: pointer)
            },
            problems: \.problems
        )
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
