package import GatewayDomain
package import JSON

/// A session as one answer shows it.
package struct SessionAnswer: Sendable {
    package let session: Session
    /// Whether it is the one that asks; nil in the journal, where that has no meaning.
    package let isCurrent: Bool?

    package init(_ session: Session, isCurrent: Bool? = nil) {
        self.session = session
        self.isCurrent = isCurrent
    }
}

extension SessionAnswer: APIObject {
    package static let contract = AnswerContract(
        "Session",
        "A session: a browser that has signed in, for a user or with an API key.",
        SessionMembers()
    )
}

package struct SessionMembers: AnswerMembers {
    package static let userID = Member(
        "user_id",
        Codec<UserID>.id(),
        "The id of the user who has signed in, or null if an API key did."
    )

    package typealias Object = SessionAnswer

    package let id = AnswerMember(.id(of: "session"), \SessionAnswer.session.id)
    package let recordType = AnswerMember<SessionAnswer, String>(recordType: "session")
    package let userID = AnswerMember(nullable: SessionMembers.userID) { (answer: SessionAnswer) in
        guard case .user(let id) = answer.session.principal else { return UserID?.none }
        return id
    }
    package let apiKeyID = AnswerMember(
        nullable: Member(
            "api_key_id",
            Codec<APIKeyID>.id(),
            "The id of the API key that was signed in with, or null if a user did."
        )
    ) { (answer: SessionAnswer) in
        guard case .apiKey(let id) = answer.session.principal else { return APIKeyID?.none }
        return id
    }
    package let isCurrent = AnswerMember(
        omissible: Member(
            "current",
            Codec<Bool>.bool,
            "Whether this is the session that asks; it is left out of events."
        ),
        \SessionAnswer.isCurrent
    )
    package let source = AnswerMember(
        Member(
            "source_address",
            Codec<String>.text,
            "The address from which the sign-in came, which may be that of a proxy."
        ),
        \SessionAnswer.session.source
    )
    package let userAgent = AnswerMember(
        nullable: Member(
            "user_agent",
            Codec<String>.text,
            "The first words of what the browser calls itself, or null if it says nothing."
        ),
        \SessionAnswer.session.userAgent
    )
    package let createdAt = AnswerMember(
        .createdAt(of: "session"),
        \SessionAnswer.session.createdAt
    )
    package let lastUsedAt = AnswerMember(
        Member(
            "last_used_at",
            Codec<Timestamp>.time,
            "The time at which the session was last used, to the minute."
        ),
        \SessionAnswer.session.lastUsedAt
    )
    package let expiresAt = AnswerMember(
        Member(
            "expires_at",
            Codec<Timestamp>.time,
            "The time at which the session ends by itself, which use puts off for at most 30 days."
        ),
        \SessionAnswer.session.expiresAt
    )
}

extension Session {
    package var json: JSONValue { SessionAnswer(self).json }
}
