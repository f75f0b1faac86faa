import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let showCaller = Operation(
        id: "showCaller",
        summary: "Show who asks, and what it may do.",
        about: """
            Shows the user or the API key by which the request is let in: its name, its role, the \
            organization and the networks that it sees, and when its session or the key ends.
            """,
        access: .anyKey,
        answer: "The user or API key that sent the request, and what it may do.",
        result: .object("Caller")
    )

    static let listSessions = Operation.list(
        "listSessions",
        "List the browsers in which the caller has signed in.",
        """
        Lists the sessions of the caller, oldest first. An owner may ask for those of a user of the \
        organization.
        """,
        of: "Session",
        [
            .filter(
                SessionMembers.userID,
                "Lists the sessions of this user, which takes the role `owner` unless it is the caller.",
                .id("The id of the user whose sessions are listed.")
            )
        ]
    )

    static let endSession = Operation(
        id: "endSession",
        summary: "End one session at once.",
        about: """
            Ends a session of the caller: the next request of that browser is refused. An owner may end \
            the sessions of users and API keys of the organization whose role is at most its own.
            """,
        access: .anyKey,
        answer: "The session in its last state.",
        result: .object("Session")
    )

    static let endOtherSessions = Operation(
        id: "endOtherSessions",
        summary: "End all sessions of the caller but the one that asks.",
        about: """
            Ends the sessions of the caller in all other browsers, and the links that would sign another \
            one in. A session that asks goes on; a caller with an API key in its header ends them all.
            """,
        access: .anyKey,
        answer: "The sessions that have ended.",
        result: .list("Session")
    )

    static let createSignInCode = Operation.create(
        "createSignInCode",
        "Make a link that signs one browser in as the caller.",
        """
        Makes a link for the portal: the browser that opens it is signed in as the user or the API key that \
        asked for it, and may do what that may. It works once, for 15 minutes, and is in this answer only. \
        A server that starts again has forgotten it.
        """,
        for: .anyKey,
        "NewSignInCode",
        "SignInCode"
    )
}
