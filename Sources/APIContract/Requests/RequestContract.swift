package import GatewayDomain
package import JSON
package import OpenAPI

/// The body of a request: its members, and the schema that says so. Members that are not declared
/// here are ignored.
package struct RequestContract<Request: APIRequest>: Sendable {
    /// The name of the schema in the OpenAPI document.
    package let name: String
    package let schema: Schema
    let members: [RequestMember<Request>]

    init(_ name: String, _ description: String, _ members: [RequestMember<Request>]) {
        self.name = name
        self.members = members
        schema = .object(
            description,
            members.map { Schema.Property($0.name, $0.schema, isOptional: $0.isOptional) }
        )
    }
}

/// A request that brings a JSON object.
package protocol APIRequest: Sendable {
    /// One that says nothing.
    init()
    static var contract: RequestContract<Self> { get }
}

extension APIRequest {
    /// What a server reads. Mistakes are kept in the fields that have them: the verb reports all
    /// together.
    ///
    /// - Parameter place: where the object stands in the body of the request, as a JSON pointer.
    package init(_ body: JSONObject, at place: String = "") {
        self.init()
        for member in Self.contract.members { member.read(body, place, &self) }
    }

    /// What reading the body found wrong with its members.
    package var problems: [FieldProblem] {
        Self.contract.members.flatMap { $0.problems(self) }
    }

    /// What a client sends.
    package var json: JSONValue {
        var body = JSONObject()
        for member in Self.contract.members {
            if let value = member.write(self) { body.add(member.name, value) }
        }
        return .object(body)
    }
}
