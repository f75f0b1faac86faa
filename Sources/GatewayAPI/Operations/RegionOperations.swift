import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listRegions = Operation(
        id: "listRegions",
        summary: "List the regions that gateways can be made in.",
        about: """
            Lists the regions of this server in which a node takes gateways. A gateway names one of them when it is made.
            """,
        access: .anyKey,
        parameters: [.allRegions],
        answer: "All regions of the server.",
        result: .list("Region")
    )

    static let createRegion = Operation.create(
        "createRegion",
        "Make a region for nodes.",
        "Makes a region. It is offered as soon as a node is in it that takes gateways.",
        for: .unrestricted(.admin),
        "NewRegion",
        "Region"
    )

    static let showRegion = Operation.show(
        "showRegion",
        "Show one region by its code.",
        "Shows a region, whether it is offered or not.",
        "Region"
    )

    static let updateRegion = Operation.change(
        "updateRegion",
        "Change the name or the place of a region.",
        """
        Changes the members that the body has and leaves the others. A region of the server's settings is changed \
        there alone.
        """,
        for: .unrestricted(.admin),
        "RegionChange",
        "Region"
    )

    static let deleteRegion = Operation.delete(
        "deleteRegion",
        "Delete a region that nothing is in.",
        """
        Deletes a region of which there are no gateways, nodes and private services. A region of the server's settings \
        goes with them alone.
        """,
        for: .unrestricted(.admin),
        "Region"
    )

    static let listNetworkCoverage = Operation.list(
        "listNetworkCoverage",
        "List the sites and what they offer.",
        """
        Lists the sites of this server with the kinds of gateways that can be made there. A site that all \
        filters admit is in the list.
        """,
        of: "NetworkCoverage",
        [
            .filter(
                CoverageSiteMembers.availableServices,
                "Lists only the sites that offer this service.",
                .string("A kind of gateway, such as `cloud_vpn`.")
            ),
            .filter(
                "\(CoverageSiteMembers.availableServices.name)][contains",
                "Lists only the sites that offer this service among others.",
                .string("A kind of gateway, such as `cloud_vpn`.")
            ),
            location("region", "part of the world", "AMER"),
            location("site", "area", "IAD"),
            location("pop", "data centre", "DC2"),
            location("code", "region", "ashburn-va"),
        ]
    )

    private static func location(_ member: String, _ what: String, _ example: String) -> Parameter {
        .filter(
            "location.\(member)",
            "Lists only the sites in the \(what) of this code.",
            .string("The code of the \(what), such as `\(example)`.")
        )
    }
}
