package import GatewayDomain
package import JSON

extension NewUser: APIRequest {
    package static let contract = RequestContract<NewUser>(
        "NewUser",
        "A request to make a user, who is invited by a link.",
        [
            .required(UserMembers.name, \.name),
            .required(UserMembers.role, \.role),
            .optional(UserMembers.requestedNetworkIDs, \.networkIDs),
            .optional(UserMembers.expiresIn, \.expiresIn),
        ]
    )
}

extension UserChange: APIRequest {
    package static let contract = RequestContract<UserChange>(
        "UserChange",
        "A request to change a user; what it leaves out stays as it is.",
        [
            .optional(UserMembers.name, \.name),
            .optional(UserMembers.role, \.role),
            .optional(UserMembers.requestedNetworkIDs, \.networkIDs),
        ]
    )
}

extension NewInvitation: APIRequest {
    package static let contract = RequestContract<NewInvitation>(
        "NewInvitation",
        "A request to make a new link by which a user chooses a password.",
        [.optional(UserMembers.expiresIn, \.expiresIn)]
    )
}

extension PasswordChange: APIRequest {
    package static let contract = RequestContract<PasswordChange>(
        "PasswordChange",
        "A request of a user to have another password.",
        [
            .required(
                Member(
                    "old_password",
                    Codec<Password>.typedPassword,
                    "The password that the user has."
                ),
                \.old
            ),
            .required(
                Member(
                    "new_password",
                    Codec<Password>.typedPassword,
                    """
                    The password that the user is to have, of \(Password.minimumLength) to \
                    \(Password.maximumLength) characters.
                    """
                ),
                \.new
            ),
        ]
    )
}

/// A user as one answer shows it. Only the answer that invites has the link.
package struct UserAnswer: Sendable {
    package let user: User
    package let invitationURL: String?

    package init(_ user: User, invitationURL: String? = nil) {
        self.user = user
        self.invitationURL = invitationURL
    }
}

extension UserAnswer: APIObject {
    package static let contract = AnswerContract(
        "User",
        "A user of an organization: a person who signs in by name and password.",
        UserMembers()
    )
}

package struct UserMembers: AnswerMembers {
    package static let name = Member(
        "name",
        Codec<String>.name,
        "The name that the user signs in with, which no other user of the server has."
    )
    static let role = Member(
        "role",
        Codec<Role>.word,
        "The role of the user, which says what it may do."
    )
    static let expiresIn = Member(
        "expires_in",
        Codec<Int>.integer(in: User.invitationSeconds),
        "The number of seconds until the invitation expires, which are three days where it is left out."
    )
    /// Asked for and shown with different types of elements.
    private static let networkIDs = "network_ids"
    private static let element = "The id of one network that the user sees."

    static let requestedNetworkIDs = Member(
        networkIDs,
        Codec<[Field<NetworkID>]>.fields(of: .id(), element),
        "The ids of the networks that the user is to see; left out or null for all."
    )
    static let shownNetworkIDs = Member(
        networkIDs,
        Codec<[NetworkID]>.array(of: .id(), element),
        "The ids of the networks that the user sees, or null for all."
    )

    package typealias Object = UserAnswer

    package let id = AnswerMember(.id(of: "user"), \UserAnswer.user.id)
    package let recordType = AnswerMember<UserAnswer, String>(recordType: "user")
    package let organizationID = AnswerMember(
        Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization that the user belongs to."
        ),
        \UserAnswer.user.organizationID
    )
    package let name = AnswerMember(UserMembers.name, \UserAnswer.user.name)
    package let role = AnswerMember(word: UserMembers.role, \UserAnswer.user.role)
    package let networkIDs = AnswerMember(nullable: UserMembers.shownNetworkIDs) {
        (answer: UserAnswer) in answer.user.networkIDs?.sorted()
    }
    package let hasPassword = AnswerMember(
        Member(
            "has_password",
            Codec<Bool>.bool,
            "Whether the user has chosen a password, and so can sign in."
        ),
        \UserAnswer.user.hasPassword
    )
    package let invitationURL = AnswerMember(
        disclosed: Member(
            "invitation_url",
            Codec<String>.text,
            """
            The link by which the user chooses a password, which stands in the answer that makes it and in \
            no other.
            """
        ),
        \UserAnswer.invitationURL
    )
    package let invitationExpiresAt = AnswerMember(
        nullable: Member(
            "invitation_expires_at",
            Codec<Timestamp>.time,
            "The time from which on the last invitation leads to nothing, or null if there is none."
        ),
        \UserAnswer.user.invitationExpiresAt
    )
    package let lastSignInAt = AnswerMember(
        nullable: Member(
            "last_sign_in_at",
            Codec<Timestamp>.time,
            "The time at which the user last signed in, or null if never."
        ),
        \UserAnswer.user.lastSignInAt
    )
    package let createdAt = AnswerMember(.createdAt(of: "user"), \UserAnswer.user.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "user"), \UserAnswer.user.updatedAt)
}

extension User {
    /// Without the link of an invitation.
    package var json: JSONValue { UserAnswer(self).json }
}
