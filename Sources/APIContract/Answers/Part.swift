import GatewayDomain
package import JSON
import OpenAPI

/// An object inside of another one: as the server has it, or as a client has read it. Its properties are
/// the members of its contract in either case.
@dynamicMemberLookup
package enum Part<Object: APIObject>: Sendable {
    case made(Object)
    case read(Decoded<Object.Members>)

    package subscript<Value>(
        dynamicMember path: KeyPath<Object.Members, AnswerMember<Object, Value>>
    ) -> Value {
        switch self {
        case .made(let object): Object.contract.members[keyPath: path].value(object)
        case .read(let decoded): decoded[dynamicMember: path]
        }
    }

    package var json: JSONValue {
        switch self {
        case .made(let object): object.json
        case .read(let decoded): decoded.json
        }
    }
}

extension Part: Equatable {
    package static func == (a: Part, b: Part) -> Bool { a.json == b.json }
}

extension Codec {
    /// An object with a schema of its own in the document's components, which a client reads as an answer.
    static func part<Object: APIObject>(of type: Object.Type) -> Codec where Value == Part<Object> {
        .part(of: type) { .named(Object.contract.name, $0) }
    }

    /// The same with its schema where it is used.
    static func inlinePart<Object: APIObject>(
        of type: Object.Type
    ) -> Codec where Value == Part<Object> {
        .part(of: type) { Object.contract.schema(described: $0) }
    }

    private static func part<Object: APIObject>(
        of type: Object.Type,
        schema: @escaping @Sendable (_ description: String) -> Schema
    ) -> Codec where Value == Part<Object> {
        Codec(schema: schema, encode: \.json) { (value, pointer) throws(FieldProblem) in
            .read(try Object.contract.decode(value, at: pointer))
        }
    }
}
