package import GatewayDomain

extension CallerSummary: APIObject {
    package static let contract = AnswerContract(
        "Caller",
        "Who asks: a user or an API key, and what it may do and see.",
        CallerMembers()
    )
}

package struct CallerMembers: AnswerMembers {
    package typealias Object = CallerSummary

    package let recordType = AnswerMember<CallerSummary, String>(recordType: "caller")
    package let kind = AnswerMember(
        word: Member("kind", Codec<PrincipalKind>.word, "Whether a user or an API key asks."),
        \CallerSummary.principal.kind
    )
    package let id = AnswerMember(
        Member<PrincipalID>.id(of: "user or API key"),
        \CallerSummary.principal.id
    )
    package let name = AnswerMember(
        Member("name", Codec<String>.text, "The name of the user or API key."),
        \CallerSummary.name
    )
    package let role = AnswerMember(
        word: Member(
            "role",
            Codec<Role>.word,
            "The role of the caller, which says what it may do."
        ),
        \CallerSummary.role
    )
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization whose objects the caller sees, which an admin may choose."
        ),
        \CallerSummary.scope.organizationID
    )
    package let networkIDs = AnswerMember(
        nullable: Member(
            "network_ids",
            Codec<[NetworkID]>.array(of: .id(), "The id of one network that the caller sees."),
            "The ids of the networks that the caller sees, or null for all."
        )
    ) { (caller: CallerSummary) in caller.scope.networkIDs?.sorted() }
    package let expiresAt = AnswerMember(
        nullable: Member(
            "expires_at",
            Codec<Timestamp>.time,
            "The time at which the session or the API key of the caller ends, or null if it does not."
        ),
        \CallerSummary.expiresAt
    )
}
