import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listGateways = Operation.list(
        "listGateways",
        "List the WireGuard gateways of the organization.",
        """
        Lists the WireGuard gateways that the API key may see, the oldest first, or in the order that `sort` names.
        """,
        of: "Gateway",
        [
            .networkFilter(GatewayMembers.networkID),
            .nameFilter(GatewayMembers.name, of: "gateways"),
            .namePartFilter(GatewayMembers.name, of: "gateways"),
            .filter(
                GatewayMembers.status,
                "Lists only the gateways that are this far.",
                .word("How far the listed gateways are.", InterfaceStatus.words)
            ),
            .order(ListOrder<GatewaySortMember>.self),
        ]
    )

    static let createGateway = Operation.create(
        "createGateway",
        "Make a WireGuard gateway in a network.",
        """
        Makes a gateway with a key pair, a UDP port and a subnet of its own. Its status is `provisioning` \
        in the answer and `provisioned` some milliseconds later, when peers can connect to it; where it \
        stays `provisioning`, `status_reason` says why.
        """,
        for: .role(.member),
        "NewGateway",
        "Gateway",
        status: 202
    )

    static let showGateway = Operation.show(
        "showGateway",
        "Show one WireGuard gateway by its id.",
        """
        Shows a gateway with its status and the traffic of its peers. Traffic is counted twice a second; \
        it changes the entity tag, but not the outcome of `if-match`.
        """,
        "Gateway"
    )

    static let updateGateway = Operation.change(
        "updateGateway",
        "Change the name, the services, the MTU or the keepalive of a WireGuard gateway.",
        """
        Changes the members that the body has and leaves the others. Sessions go on: another MTU counts \
        from the next packet, another keepalive is in the configs of peers that are read from now on. A \
        body that changes nothing leaves the gateway with the entity tag that it has.
        """,
        for: .role(.member),
        "GatewayChange",
        "Gateway"
    )

    static let deleteGateway = Operation.delete(
        "deleteGateway",
        "Delete a WireGuard gateway and its peers.",
        """
        Deletes a gateway, all its peers, and the default gateway of the network where it is one of these \
        peers. Their sessions end at once. A gateway with many peers takes a while, and is `deleting` \
        meanwhile.
        """,
        for: .role(.member),
        "Gateway"
    )
}
