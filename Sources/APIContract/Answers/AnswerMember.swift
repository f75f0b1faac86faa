import GatewayDomain
import JSON
import OpenAPI

/// A member as the answers about `Object` show it: where its value comes from, and when it is there.
package struct AnswerMember<Object: Sendable, Value: Sendable>: Sendable {
    package let name: String
    let schema: Schema
    /// Whether answers may leave it out.
    let isOptional: Bool
    /// Whether it may be null.
    let isNullable: Bool
    let value: ValueSource<Object, Value>
    /// Nil where the member is left out.
    let encode: @Sendable (UnsafePointer<Object>) -> JSONValue?
    /// `json` is nil where the member was left out.
    let decode: @Sendable (_ json: JSONValue?, _ pointer: String) throws(FieldProblem) -> Value
}

// A member's value is a property of the object, or what a function makes of it.
extension AnswerMember {
    typealias Path<Member> = any KeyPath<Object, Member> & Sendable
    typealias Function<Member> = @Sendable (Object) -> Member

    /// Always there, and never null.
    init(_ member: Member<Value>, _ path: Path<Value>) {
        self.init(member, from: ValueSource(path))
    }

    init(_ member: Member<Value>, _ value: @escaping Function<Value>) {
        self.init(member, from: ValueSource(value))
    }

    /// Always there; null where the object has no such value.
    init<Present>(nullable member: Member<Present>, _ path: Path<Value>) where Value == Present? {
        self.init(nullable: member, from: ValueSource(path))
    }

    init<Present>(
        nullable member: Member<Present>,
        _ value: @escaping Function<Value>
    ) where Value == Present? {
        self.init(nullable: member, from: ValueSource(value))
    }

    /// Left out where the object has no such value.
    init<Present>(omissible member: Member<Present>, _ path: Path<Value>) where Value == Present? {
        self.init(omissible: member, from: ValueSource(path))
    }

    init<Present>(
        omissible member: Member<Present>,
        _ value: @escaping Function<Value>
    ) where Value == Present? {
        self.init(omissible: member, from: ValueSource(value))
    }

    /// A secret, which stands in the one answer to the request that made it and is left out of all
    /// others.
    init<Present>(disclosed member: Member<Present>, _ path: Path<Value>) where Value == Present? {
        self.init(omissible: member, from: ValueSource(path))
    }
}

extension AnswerMember {
    private init(_ member: Member<Value>, from value: ValueSource<Object, Value>) {
        let codec = member.codec
        self.init(
            name: member.name,
            schema: member.schema,
            isOptional: false,
            isNullable: false,
            value: value,
            encode: { codec.encode(value.read($0)) },
            decode: { (json, pointer) throws(FieldProblem) in
                guard let json else { throw FieldProblem(pointer, .missing) }
                return try codec.decode(json, pointer)
            }
        )
    }

    private init<Present>(
        nullable member: Member<Present>,
        from value: ValueSource<Object, Value>
    ) where Value == Present? {
        let codec = member.codec
        self.init(
            name: member.name,
            schema: member.schema.orNull,
            isOptional: false,
            isNullable: true,
            value: value,
            encode: { object in
                guard let value = value.read(object) else { return .null }
                return codec.encode(value)
            },
            decode: { (json, pointer) throws(FieldProblem) in
                guard let json else { throw FieldProblem(pointer, .missing) }
                return json == .null ? nil : try codec.decode(json, pointer)
            }
        )
    }

    private init<Present>(
        omissible member: Member<Present>,
        from value: ValueSource<Object, Value>
    ) where Value == Present? {
        let codec = member.codec
        self.init(
            name: member.name,
            schema: member.schema,
            isOptional: true,
            isNullable: false,
            value: value,
            encode: { object in
                guard let value = value.read(object) else { return nil }
                return codec.encode(value)
            },
            decode: { (json, pointer) throws(FieldProblem) in
                guard let json else { return nil }
                return try codec.decode(json, pointer)
            }
        )
    }
}

extension AnswerMember where Value == String {
    /// The word that tells this kind of object from others.
    init(recordType word: String) {
        self.init(.recordType(word)) { _ in word }
    }
}

/// A member of any type of value.
protocol ListedMember<Object>: Sendable {
    associatedtype Object: Sendable
    associatedtype Value: Sendable

    var name: String { get }
    var schema: Schema { get }
    var isOptional: Bool { get }
    var isNullable: Bool { get }
    var value: ValueSource<Object, Value> { get }
    var encode: @Sendable (UnsafePointer<Object>) -> JSONValue? { get }
    var decode: @Sendable (JSONValue?, String) throws(FieldProblem) -> Value { get }
}

extension AnswerMember: ListedMember {}
