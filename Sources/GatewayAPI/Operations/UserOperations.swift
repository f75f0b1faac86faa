import APIContract
import GatewayDomain

extension Operation {
    static let listUsers = Operation.list(
        "listUsers",
        "List the users of the organization.",
        "Lists the people who can sign in for the caller's organization, oldest first.",
        for: .unrestricted(.owner),
        of: "User",
        [.nameFilter(UserMembers.name, of: "users")]
    )

    static let createUser = Operation.create(
        "createUser",
        "Make a user and invite it by a link.",
        """
        Makes a user whose role is at most the one of the caller. The link by which the user chooses a \
        password is in this answer only, since the server stores its hash; it works once.
        """,
        for: .unrestricted(.owner),
        "NewUser",
        "User"
    )

    static let showUser = Operation.show(
        "showUser",
        "Show one user by its id.",
        "Shows what a user may do, and when it last signed in.",
        for: .unrestricted(.owner),
        "User"
    )

    static let updateUser = Operation.change(
        "updateUser",
        "Rename a user, or let it do or see something else.",
        """
        Changes the members that the body has and leaves the others. Neither the role that the user has \
        nor the new one may be above the one of the caller. With another role or other networks the \
        sessions of the user end, and it signs in again. The last admin stays one.
        """,
        for: .unrestricted(.owner),
        "UserChange",
        "User"
    )

    static let deleteUser = Operation.delete(
        "deleteUser",
        "Delete a user for good.",
        """
        Deletes a user whose role is at most the one of the caller. Its sessions end at once. The last \
        admin of the server cannot be deleted.
        """,
        for: .unrestricted(.owner),
        "User"
    )

    static let inviteUser = Operation.create(
        "inviteUser",
        "Make a new link by which a user chooses a password.",
        """
        Makes a link for a user who has not signed in yet or has forgotten the password. It works once, and \
        a link that the user had before is not valid any more. The password that the user has is valid until \
        another one is chosen, which ends all sessions of the user.
        """,
        for: .unrestricted(.owner),
        "NewInvitation",
        "User"
    )

    static let changePassword = Operation(
        id: "changePassword",
        summary: "Change the password of the user who asks.",
        about: """
            Gives the user another password. All other sessions of the user end, and so does an \
            invitation; the session that asks gets another cookie. A caller that is an API key has no password and is refused.
            """,
        access: .anyKey,
        body: "PasswordChange",
        answer: "The user as it is after the change.",
        result: .object("User")
    )
}
