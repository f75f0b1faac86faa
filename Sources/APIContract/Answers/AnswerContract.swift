package import GatewayDomain
package import JSON
package import OpenAPI

/// The members of the answers about `Object`: its stored properties, each an `AnswerMember`, in the
/// order of the wire.
package protocol AnswerMembers: Sendable {
    associatedtype Object: Sendable
}

/// How answers show an object: its members in their order, and the schema that says so.
package struct AnswerContract<Members: AnswerMembers>: Sendable {
    /// The name of the schema in the OpenAPI document.
    package let name: String
    package let members: Members
    let list: [any ListedMember<Members.Object>]
    private let description: String
    private let encoders: [Encoder]

    /// What `encode` and `write` need of a member, by itself: to ask a member of any type takes longer.
    private struct Encoder {
        let name: String
        let writtenName: JSONName
        let encode: @Sendable (UnsafePointer<Members.Object>) -> JSONValue?
    }

    init(_ name: String, _ description: String, _ members: Members) {
        self.name = name
        self.description = description
        self.members = members
        // Reflection spares a second list of the members, of which one could be forgotten. It runs once
        // for each contract.
        list = Mirror(reflecting: members).children.map { child in
            guard let member = child.value as? any ListedMember<Members.Object> else {
                preconditionFailure("\(Members.self).\(child.label ?? "") is not a member")
            }
            return member
        }
        encoders = list.map {
            Encoder(name: $0.name, writtenName: JSONName($0.name), encode: $0.encode)
        }
    }

    /// The members that no answer leaves out, as it does with secrets.
    package var namesInEveryAnswer: [String] { list.filter { !$0.isOptional }.map(\.name) }

    /// The members that always have a value, so that a request which sets one to null gets the default.
    package var namesWithoutNull: [String] {
        list.filter { !$0.isOptional && !$0.isNullable }.map(\.name)
    }

    package var schema: Schema { schema(described: description) }

    func schema(described description: String) -> Schema {
        .object(
            description,
            list.map { Schema.Property($0.name, $0.schema, isOptional: $0.isOptional) }
        )
    }

    package func encode(_ object: Members.Object) -> JSONValue {
        var json = JSONObject()
        json.members.reserveCapacity(encoders.count)
        withUnsafePointer(to: object) { object in
            for member in encoders {
                if let value = member.encode(object) { json.add(member.name, value) }
            }
        }
        return .object(json)
    }

    /// Writes the text of what `encode` gives.
    package func write(_ object: Members.Object, to json: inout JSONWriter) {
        withUnsafePointer(to: object) { object in
            json.object { json in
                for member in encoders {
                    guard let value = member.encode(object) else { continue }
                    json.member(member.writtenName)
                    value.write(to: &json)
                }
            }
        }
    }

    /// What a client reads. Members that are not declared here are ignored: a later version may send
    /// them.
    package func decode(
        _ json: JSONValue,
        at pointer: String = ""
    ) throws(FieldProblem) -> Decoded<Members> {
        guard case .object(let object) = json else {
            throw FieldProblem(pointer, .wrongType(expected: "object"))
        }
        for member in list {
            _ = try member.decode(object[member.name], "\(pointer)/\(member.name)")
        }
        return Decoded(members, object)
    }
}

/// An object that answers show by itself.
package protocol APIObject: JSONWritable, Sendable {
    associatedtype Members: AnswerMembers where Members.Object == Self
    static var contract: AnswerContract<Members> { get }
}

extension APIObject {
    package var json: JSONValue { Self.contract.encode(self) }

    package func write(to json: inout JSONWriter) { Self.contract.write(self, to: &json) }
}
