import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listBackboneLinks = Operation.list(
        "listBackboneLinks",
        "List the links between gateways on different nodes.",
        """
        Lists the links between gateways that the API key may see, the oldest first. The server makes one for each \
        two gateways of a network that are on different nodes, and leads packets around over a third gateway while \
        a link does not answer.
        """,
        of: "BackboneLink",
        [
            .networkFilter(BackboneLinkMembers.networkID),
            .filter(
                BackboneLinkMembers.gatewayID,
                "Lists only the links of this gateway.",
                .id("The id of one of the two gateways of the listed links.")
            ),
        ]
    )

    static let showBackboneLink = Operation.show(
        "showBackboneLink",
        "Show one link between gateways by its id.",
        "Shows a link between two gateways: its state at either end, its round-trip time and its loss.",
        "BackboneLink"
    )
}
