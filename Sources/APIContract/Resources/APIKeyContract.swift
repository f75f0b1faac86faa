package import GatewayDomain
package import JSON

extension NewAPIKey: APIRequest {
    package static let contract = RequestContract<NewAPIKey>(
        "NewAPIKey",
        "A request to make an API key.",
        [
            .required(APIKeyMembers.name, \.name),
            .required(APIKeyMembers.role, \.role),
            .optional(APIKeyMembers.requestedNetworkIDs, \.networkIDs),
            .optional(APIKeyMembers.expiresAt, \.expiresAt),
        ]
    )
}

/// An API key as one answer shows it. Only the answer that makes a key has its text.
package struct APIKeyAnswer: Sendable {
    package let key: APIKey
    package let text: String?

    package init(_ key: APIKey, text: String? = nil) {
        self.key = key
        self.text = text
    }
}

extension APIKeyAnswer: APIObject {
    package static let contract = AnswerContract(
        "APIKey",
        "An API key of an organization, without the text that opens the API.",
        APIKeyMembers()
    )
}

package struct APIKeyMembers: AnswerMembers {
    static let name = Member.name(of: "API key")
    static let role = Member(
        "role",
        Codec<Role>.word,
        "The role of the API key, which says what it may do."
    )
    static let expiresAt = Member(
        "expires_at",
        Codec<Timestamp>.time,
        "The time from which on the API key is refused, or null if it never expires."
    )
    /// Asked for and shown with different types of elements.
    private static let networkIDs = "network_ids"
    private static let element = "The id of one network that the API key sees."

    static let requestedNetworkIDs = Member(
        networkIDs,
        Codec<[Field<NetworkID>]>.fields(of: .id(), element),
        "The ids of the networks that the API key is to see; left out or null for all."
    )
    static let shownNetworkIDs = Member(
        networkIDs,
        Codec<[NetworkID]>.array(of: .id(), element),
        "The ids of the networks that the API key sees, or null for all."
    )

    package typealias Object = APIKeyAnswer

    package let id = AnswerMember(.id(of: "API key"), \APIKeyAnswer.key.id)
    package let recordType = AnswerMember<APIKeyAnswer, String>(recordType: "api_key")
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization that owns the API key."
        ),
        \APIKeyAnswer.key.organizationID
    )
    package let name = AnswerMember(APIKeyMembers.name, \APIKeyAnswer.key.name)
    package let prefix = AnswerMember(
        nullable: Member(
            "prefix",
            Codec<String>.text,
            "The first characters of the key, or null for a key that the operator chose."
        ),
        \APIKeyAnswer.key.prefix
    )
    package let text = AnswerMember(
        disclosed: Member(
            "api_key",
            Codec<String>.text,
            "The key itself, which stands in the answer that makes it and in no other."
        ),
        \APIKeyAnswer.text
    )
    package let role = AnswerMember(word: APIKeyMembers.role, \APIKeyAnswer.key.role)
    package let networkIDs = AnswerMember(nullable: APIKeyMembers.shownNetworkIDs) {
        (answer: APIKeyAnswer) in answer.key.networkIDs?.sorted()
    }
    package let expiresAt = AnswerMember(
        nullable: APIKeyMembers.expiresAt,
        \APIKeyAnswer.key.expiresAt
    )
    package let lastUsedAt = AnswerMember(
        nullable: Member(
            "last_used_at",
            Codec<Timestamp>.time,
            "The time at which the API key was last used, to the minute, or null if never."
        ),
        \APIKeyAnswer.key.lastUsedAt
    )
    package let createdAt = AnswerMember(.createdAt(of: "API key"), \APIKeyAnswer.key.createdAt)
}

extension APIKey {
    /// Without the key itself.
    package var json: JSONValue { APIKeyAnswer(self).json }
}
