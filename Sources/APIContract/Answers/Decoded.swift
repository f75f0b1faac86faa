import GatewayDomain
package import JSON

/// An object that was read from an answer. Its properties are the members of its contract, with their
/// types: `decoded.publicKey`.
@dynamicMemberLookup
package struct Decoded<Members: AnswerMembers>: Sendable {
    private let members: Members
    /// Every member has been read from it once.
    private let object: JSONObject

    init(_ members: Members, _ object: JSONObject) {
        self.members = members
        self.object = object
    }

    /// The object as the server wrote it, with what this version does not know.
    package var json: JSONValue { .object(object) }

    package subscript<Value>(
        dynamicMember path: KeyPath<Members, AnswerMember<Members.Object, Value>>
    ) -> Value {
        let member = members[keyPath: path]
        do {
            return try member.decode(object[member.name], member.name)
        } catch {
            preconditionFailure("'\(member.name)' could be read before")
        }
    }
}
