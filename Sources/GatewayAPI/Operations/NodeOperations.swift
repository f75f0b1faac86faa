import APIContract
import GatewayDomain

extension Operation {
    static let listNodes = Operation.list(
        "listNodes",
        "List the nodes that carry gateways.",
        "Lists the nodes of the server, oldest first: the one inside of it, and those on other machines.",
        for: .unrestricted(.admin),
        of: "Node",
        [.nameFilter(NodeMembers.name, of: "nodes")]
    )

    static let createNode = Operation.create(
        "createNode",
        "Make a node, and the join token by which a machine becomes it.",
        """
        Makes a node and a join token, which is in this answer only and lets one machine join, once, within \
        minutes. From then on the regions of the node are offered, and new gateways of them are placed on it.
        """,
        for: .unrestricted(.admin),
        "NewNode",
        "Node"
    )

    static let showNode = Operation.show(
        "showNode",
        "Show one node by its id.",
        "Shows a node: where peers find its gateways, whether the server hears of it, and what it carries.",
        for: .unrestricted(.admin),
        "Node"
    )

    static let updateNode = Operation.change(
        "updateNode",
        "Change a node, or let it drain.",
        """
        Changes the members that the body has and leaves the others. With another `endpoint_address` the \
        gateways of the node are found there, and peers need new configs. What the settings say of the node inside of \
        the server is changed there alone.
        """,
        for: .unrestricted(.admin),
        "NodeChange",
        "Node"
    )

    static let deleteNode = Operation.delete(
        "deleteNode",
        "Delete a node that carries no gateways.",
        """
        Deletes a node, whose machine is turned away from then on. Gateways have to be moved or deleted before. The \
        node inside of the server cannot be deleted.
        """,
        for: .unrestricted(.admin),
        "Node"
    )

    static let makeJoinToken = Operation.create(
        "createNodeJoinToken",
        "Make a new join token of a node.",
        """
        Makes a join token for a machine that did not join in time, or that takes the place of the machine which \
        the node was until now. A token that the node had before is not valid any more. The machine that is the \
        node stays it until the token is used.
        """,
        for: .unrestricted(.admin),
        "NewJoinToken",
        "Node"
    )
}
