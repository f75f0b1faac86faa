import GatewayDomain

extension Operation {
    static let listAPIKeys = Operation.list(
        "listAPIKeys",
        "List the API keys of the organization.",
        "Lists the API keys of the caller's organization, oldest first, without the keys themselves.",
        for: .unrestricted(.owner),
        of: "APIKey"
    )

    static let createAPIKey = Operation.create(
        "createAPIKey",
        "Make an API key and show it once.",
        """
        Makes an API key whose role is at most the one of the caller. The key itself is in this answer \
        only, since the server stores its hash. It can be used at once.
        """,
        for: .unrestricted(.owner),
        "NewAPIKey",
        "APIKey"
    )

    static let showAPIKey = Operation.show(
        "showAPIKey",
        "Show one API key by its id.",
        "Shows what an API key may do and when it was last used, without the key itself.",
        for: .unrestricted(.owner),
        "APIKey"
    )

    static let revokeAPIKey = Operation.delete(
        "revokeAPIKey",
        "Revoke an API key for good.",
        """
        Revokes an API key whose role is at most the one of the caller. The next request with it is \
        refused, and its change streams end. The last key of an admin that has no end and no restriction \
        to networks cannot be revoked.
        """,
        for: .unrestricted(.owner),
        "APIKey"
    )
}
