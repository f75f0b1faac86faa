import APIContract
import GatewayDomain

extension Operation {
    static let showDefaultGateway = Operation(
        id: "showDefaultGateway",
        summary: "Show the default gateway of a network.",
        about:
            "Shows the default gateway of a network as a list, which is empty where it has none.",
        access: .anyKey,
        answer: "A list of one default gateway or none.",
        result: .page("DefaultGateway")
    )

    static let createDefaultGateway = Operation(
        id: "createDefaultGateway",
        summary: "Give a network its default gateway.",
        about: """
            Leads what has no better route in a network to one of its peers, which sends it on. A network has \
            one default gateway at most; `PUT` puts another peer in its place. Configs of the other peers \
            that are asked for with `full_tunnel=true` have the route to everything.
            """,
        access: .role(.member),
        body: "NewDefaultGateway",
        answer: "A list with the new default gateway.",
        result: .page("DefaultGateway")
    )

    static let replaceDefaultGateway = Operation(
        id: "replaceDefaultGateway",
        summary: "Choose the default gateway of a network.",
        about: """
            Makes a peer the default gateway of a network, in the place of the one that it has, if it has one: \
            packets go to one of the two at any moment. For the peer that it is already, nothing changes.
            """,
        access: .role(.member),
        body: "NewDefaultGateway",
        answer: "A list with the default gateway.",
        result: .page("DefaultGateway")
    )

    static let deleteDefaultGateway = Operation(
        id: "deleteDefaultGateway",
        summary: "Take the default gateway away from a network.",
        about: "Deletes the default gateway of a network. The peer that it named stays.",
        access: .role(.member),
        answer: "A list with the deleted default gateway.",
        result: .page("DefaultGateway")
    )

    static let listInternetGateways = Operation.list(
        "listInternetGateways",
        "List the internet gateways of the organization.",
        "Lists the internet gateways that the API key may see, oldest first.",
        of: "InternetGateway",
        [.networkFilter(InternetGatewayMembers.networkID)]
    )

    static let createInternetGateway = Operation.create(
        "createInternetGateway",
        "Make an internet gateway in a network.",
        """
        Makes an internet gateway, of which a network has one at most in each region. Peers of the network's \
        gateways there reach public addresses through it; their configs have the route to everything where \
        they are asked for with `full_tunnel=true`. So do those of other regions without one, over the link to a \
        gateway there, where the network has no default gateway; of several, through the oldest. Its status is \
        `provisioned` as soon as no gateway there waits for its way out; `status_reason` says what one waits for.
        """,
        for: .role(.member),
        "NewInternetGateway",
        "InternetGateway",
        status: 202
    )

    static let showInternetGateway = Operation.show(
        "showInternetGateway",
        "Show one internet gateway by its id.",
        "Shows an internet gateway: its network, its region and its status.",
        "InternetGateway"
    )

    static let deleteInternetGateway = Operation.delete(
        "deleteInternetGateway",
        "Delete an internet gateway of a network.",
        "Deletes an internet gateway. The peers of its network stay as they are.",
        for: .role(.member),
        "InternetGateway"
    )
}
