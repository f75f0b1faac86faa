package import GatewayDomain
package import JSON

/// A contract of requests without their type, for what treats objects of all kinds alike.
package struct UntypedRequest: Sendable {
    package struct UntypedMember: Sendable {
        package let name: String
        package let isOptional: Bool
    }

    /// In the order of the wire.
    package let members: [UntypedMember]
    /// The members of a body as a request takes them, in the order of the wire, without those that have
    /// a problem.
    package let read: @Sendable (JSONObject) -> (taken: JSONObject, problems: [FieldProblem])
}

extension APIRequest {
    package static var untyped: UntypedRequest {
        UntypedRequest(
            members: contract.members.map {
                UntypedRequest.UntypedMember(name: $0.name, isOptional: $0.isOptional)
            },
            read: { body in
                let request = Self(body)
                guard case .object(let taken) = request.json else { return (JSONObject(), []) }
                return (taken, request.problems)
            }
        )
    }
}
