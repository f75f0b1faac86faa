import APIContract
import GatewayDomain

extension Operation {
    static let listOrganizations = Operation.list(
        "listOrganizations",
        "List the organizations of the server.",
        "Lists all organizations of the server, oldest first.",
        for: .unrestricted(.admin),
        of: "Organization",
        [.nameFilter(OrganizationMembers.name, of: "organizations")]
    )

    static let createOrganization = Operation.create(
        "createOrganization",
        "Make an organization, a new tenant.",
        """
        Makes an organization, which sees nothing of the others. It has no API keys at first: an admin \
        makes the first one by sending the id of the organization in `x-wgw-organization`.
        """,
        for: .unrestricted(.admin),
        "NewOrganization",
        "Organization"
    )

    static let showOrganization = Operation.show(
        "showOrganization",
        "Show one organization by its id.",
        "Shows an organization: its name, and whether it is suspended.",
        for: .unrestricted(.admin),
        "Organization"
    )

    static let updateOrganization = Operation.change(
        "updateOrganization",
        "Rename, suspend or resume an organization.",
        """
        Changes the members that the body has and leaves the others. All API keys of a suspended \
        organization are refused from the next request on, while its gateways go on carrying packets. \
        The organization of the operator and the one of the API key that asks cannot be suspended.
        """,
        for: .unrestricted(.admin),
        "OrganizationChange",
        "Organization"
    )

    static let deleteOrganization = Operation.delete(
        "deleteOrganization",
        "Delete an organization that has no networks.",
        """
        Deletes an organization and revokes its API keys. It is refused while the organization has \
        networks, and always for the organization of the operator and the one of the API key that asks.
        """,
        for: .unrestricted(.admin),
        "Organization"
    )
}
