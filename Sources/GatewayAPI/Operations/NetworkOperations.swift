import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listNetworks = Operation.list(
        "listNetworks",
        "List the networks of the organization.",
        "Lists the networks that the API key may see, the oldest first, or in the order that `sort` names.",
        of: "Network",
        [
            .nameFilter(NetworkMembers.name, of: "networks"),
            .namePartFilter(NetworkMembers.name, of: "networks"),
            .order(ListOrder<NetworkSortMember>.self),
        ]
    )

    static let createNetwork = Operation.create(
        "createNetwork",
        "Make a network, a routing domain.",
        """
        Makes a network without gateways. Its gateways will take their subnets from its address block; \
        two networks may have the same block, since they never see each other's packets.
        """,
        for: .unrestricted(.member),
        "NewNetwork",
        "Network"
    )

    static let showNetwork = Operation.show(
        "showNetwork",
        "Show one network by its id.",
        "Shows a network: its name and its address block.",
        "Network"
    )

    static let updateNetwork = Operation.change(
        "updateNetwork",
        "Give a network another name.",
        "Renames a network. Nothing else can be changed of it, and no packet is lost.",
        for: .role(.member),
        "NetworkChange",
        "Network"
    )

    static let deleteNetwork = Operation.delete(
        "deleteNetwork",
        "Delete a network that has no gateways.",
        """
        Deletes a network together with its default gateway, and takes it out of the API keys that are \
        restricted to it. It is refused while the network has WireGuard gateways or internet gateways.
        """,
        for: .role(.member),
        "Network"
    )

    static let listNetworkInterfaces = Operation.list(
        "listNetworkInterfaces",
        "List the gateways of all kinds of a network.",
        "Lists what a network is connected by: its WireGuard gateways and its internet gateways.",
        of: "NetworkInterface",
        [
            .nameFilter(NetworkInterfaceMembers.name, of: "gateways"),
            .filter(
                NetworkInterfaceMembers.kind,
                "Lists only the gateways of this kind; none for a word that is not a kind.",
                .string("A kind of gateway, such as `wireguard_interface`.")
            ),
            .filter(
                NetworkInterfaceMembers.status,
                "Lists only the gateways in this state.",
                .word(
                    "How far a gateway is on its way into service.",
                    InterfaceStatus.allCases.map(\.rawValue)
                )
            ),
        ]
    )
}
