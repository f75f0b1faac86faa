import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listLimits = Operation.list(
        "listLimits",
        "List the limits of peers, gateways and the organization.",
        """
        Lists the limits that are set for the peers and gateways that the API key may see, and for the organization \
        where the key is not restricted to single networks, with what is used of quotas.
        """,
        of: LimitSetting.contract.name,
        [
            .filter(
                LimitsMembers.subjectType,
                "Lists only the limits of peers, of gateways or of the organization.",
                .word("The kind of what is limited.", LimitSubject.LimitedKind.words)
            ),
            .filter(
                LimitsMembers.subjectID,
                "Lists only the limits of the object with this id, if it has any.",
                .string("The id of a peer, a gateway or an organization.")
            ),
            .filter(
                QuotaUseMembers.state,
                "Lists only limits with a quota of which so much is used.",
                .word("How much of the quota is used.", QuotaState.words)
            ),
        ]
    )

    static let showPeerLimits = Operation.showLimits(
        "showPeerLimits",
        "Show the limits of one peer.",
        "Shows what one peer may use, and what of its quota is used."
    )

    static let setPeerLimits = Operation.setLimits(
        "setPeerLimits",
        "Set the limits of one peer.",
        "Limits what one peer may use.",
        for: .role(.member)
    )

    static let deletePeerLimits = Operation.deleteLimits(
        "deletePeerLimits",
        "Take all limits away from one peer.",
        "Lets a peer use as much as its gateway and its organization may.",
        for: .role(.member)
    )

    static let showGatewayLimits = Operation.showLimits(
        "showGatewayLimits",
        "Show the limits of one gateway.",
        "Shows what all peers of a gateway together may use, and what of its quota is used."
    )

    static let setGatewayLimits = Operation.setLimits(
        "setGatewayLimits",
        "Set the limits of one gateway.",
        "Limits what all peers of a gateway together may use.",
        for: .role(.member)
    )

    static let deleteGatewayLimits = Operation.deleteLimits(
        "deleteGatewayLimits",
        "Take all limits away from one gateway.",
        "Lets the peers of a gateway use as much as each of them and the organization may.",
        for: .role(.member)
    )

    static let showOrganizationLimits = Operation.showLimits(
        "showOrganizationLimits",
        "Show the limits of one organization.",
        """
        Shows what all peers of an organization together may use, and what of its quota is used. Keys without the role \
        `admin` see those of their own organization.
        """,
        for: .unrestricted(.viewer)
    )

    static let setOrganizationLimits = Operation.setLimits(
        "setOrganizationLimits",
        "Set the limits of one organization.",
        """
        Limits what all peers of an organization together may use. Rates and the limit of connected peers hold on each \
        node, the quota holds for all nodes together.
        """,
        for: .unrestricted(.admin)
    )

    static let deleteOrganizationLimits = Operation.deleteLimits(
        "deleteOrganizationLimits",
        "Take all limits away from one organization.",
        "Lets the peers of an organization use as much as each of them and its gateway may.",
        for: .unrestricted(.admin)
    )

    private static func showLimits(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access = .anyKey
    ) -> Operation {
        .show(
            id,
            summary,
            "\(about) Without any limit the answer is 404.",
            for: access,
            LimitSetting.contract.name
        )
    }

    private static func setLimits(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access
    ) -> Operation {
        .change(
            id,
            summary,
            """
            \(about) The request takes the place of all limits that are there; one that sets none deletes them, so that \
            afterwards they are not found. A packet passes where its peer, its gateway \
            and its organization let it pass. A quota begins with what was used in its present month already, which may be \
            more than it allows. At 80 and 100 percent the journal has an event of it.
            """,
            for: access,
            NewLimits.contract.name,
            LimitSetting.contract.name
        )
    }

    private static func deleteLimits(
        _ id: String,
        _ summary: String,
        _ about: String,
        for access: Access
    ) -> Operation {
        .delete(id, summary, about, for: access, LimitSetting.contract.name)
    }
}
