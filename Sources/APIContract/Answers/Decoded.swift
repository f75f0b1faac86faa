import GatewayDomain
import JSON

/// An object that was read from an answer. Its properties are the members of its contract, with their
/// types: `decoded.publicKey`.
@dynamicMemberLookup
package struct Decoded<Members: AnswerMembers>: Sendable {
    private let members: Members
    /// Every member has been read from it once.
    private let json: JSONObject

    init(_ members: Members, _ json: JSONObject) {
        self.members = members
        self.json = json
    }

    package subscript<Value>(
        dynamicMember path: KeyPath<Members, AnswerMember<Members.Object, Value>>
    ) -> Value {
        let member = members[keyPath: path]
        do {
            return try member.decode(json[member.name], member.name)
        } catch {
            preconditionFailure("'\(member.name)' could be read before")
        }
    }
}
