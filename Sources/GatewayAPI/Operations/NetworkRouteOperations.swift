import APIContract
import GatewayDomain

extension Operation {
    static let listNetworkRoutes = Operation.list(
        "listNetworkRoutes",
        "List the routes of networks.",
        """
        Lists the effective tables of the networks that the API key may see: the subnets of gateways, the \
        networks behind peers, default gateways and internet gateways. Private services are not in it, as \
        single gateways lead to them.
        """,
        of: "NetworkRoute",
        [.networkFilter(NetworkRouteMembers.networkID)]
    )

    static let createNetworkRoute = Operation.create(
        "createNetworkRoute",
        "Make a static route to a network behind a peer.",
        """
        Makes a static route, which is one of the `allowed_ips` of the peer from then on: the gateway sends \
        packets for the network to the peer, and takes packets from there.
        """,
        for: .role(.member),
        "NewNetworkRoute",
        "NetworkRoute"
    )

    static let showNetworkRoute = Operation.show(
        "showNetworkRoute",
        "Show one route by its id.",
        "Shows a route: its prefix, its next hop and where it comes from.",
        "NetworkRoute"
    )

    static let deleteNetworkRoute = Operation.delete(
        "deleteNetworkRoute",
        "Delete a static route.",
        """
        Deletes a static route, and takes the network from the `allowed_ips` of the peer. A route of a gateway, \
        a default gateway or an internet gateway goes with that object alone.
        """,
        for: .role(.member),
        "NetworkRoute"
    )
}
