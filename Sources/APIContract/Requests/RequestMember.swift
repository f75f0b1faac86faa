import GatewayDomain
import JSON
import OpenAPI

/// A member as a request may have it.
package struct RequestMember<Request>: Sendable {
    package let name: String
    let schema: Schema
    let isOptional: Bool
    let read: @Sendable (_ body: JSONObject, _ place: String, _ request: inout Request) -> Void
    /// Nil where the request says nothing of it.
    let write: @Sendable (Request) -> JSONValue?
    /// What reading the body found wrong with the member.
    let problems: @Sendable (Request) -> [FieldProblem]
}

extension RequestMember {
    typealias FieldPath<Value: Sendable> = any WritableKeyPath<Request, Field<Value>> & Sendable

    /// The verb refuses a request without it.
    static func required<Value>(
        _ member: Member<Value>,
        _ path: FieldPath<Value>
    ) -> RequestMember {
        RequestMember(member, schema: member.schema, isOptional: false, path)
    }

    /// It may be left out or null.
    static func optional<Value>(
        _ member: Member<Value>,
        _ path: FieldPath<Value>
    ) -> RequestMember {
        RequestMember(member, schema: member.schema.orNull, isOptional: true, path)
    }

    private init<Value>(
        _ member: Member<Value>,
        schema: Schema,
        isOptional: Bool,
        _ path: FieldPath<Value>
    ) {
        name = member.name
        self.schema = schema
        self.isOptional = isOptional
        read = { body, place, request in
            request[keyPath: path] = Self.field(member, in: body, at: place)
        }
        write = { request in
            switch request[keyPath: path].content {
            case .absent, .wrong: nil
            case .null: .null
            case .value(let value): member.codec.encode(value)
            }
        }
        problems = { request in
            switch request[keyPath: path].content {
            case .absent, .null: []
            case .wrong(let problem): [problem]
            case .value(let value): member.codec.problems(value)
            }
        }
    }

    private static func field<Value>(
        _ member: Member<Value>,
        in body: JSONObject,
        at place: String
    ) -> Field<Value> {
        let pointer = place + member.pointer
        guard let json = body[member.name] else { return Field(.absent, at: pointer) }
        guard json != .null else { return Field(.null, at: pointer) }
        do throws(FieldProblem) {
            return Field(.value(try member.codec.decodeRequested(json, pointer)), at: pointer)
        } catch {
            return Field(.wrong(error), at: pointer)
        }
    }
}
