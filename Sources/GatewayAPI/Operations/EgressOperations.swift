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
            Stores where the traffic of a network is to go out. A network has one default gateway at most; \
            to choose another peer, delete it first. This version stores it only: no traffic goes through \
            it yet, and its status stays `provisioning`.
            """,
        access: .role(.member),
        body: "NewDefaultGateway",
        answer: "A list with the new default gateway.",
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
        Makes an internet gateway, of which a network has one at most in each region. This version stores \
        it only: no traffic goes through it yet, and its status stays `provisioning`.
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
