import GatewayDomain
import JSON
import OpenAPI

extension Schemas {
    private static let block: Schema = .string(
        "The addresses that its gateways' subnets are taken from, in CIDR notation.",
        example: "172.27.0.0/16"
    )

    static let networks: [(name: String, schema: Schema)] = [
        (
            "NewNetwork",
            .object(
                "A network to be made.",
                ["name": .name("It may repeat."), "address_block": block.orNull],
                optional: ["address_block"]
            )
        ),
        (
            "NetworkChange",
            .object("What is to be changed of a network.", ["name": .name("It may repeat.")])
        ),
        (
            "Network",
            .object(
                "A private network: a routing domain of its own.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("network"),
                    "name": .name("What people call it."),
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When somebody changed it."),
                    "address_block": block,
                ]
            )
        ),
        (
            "NetworkInterface",
            .object(
                "A gateway of any kind, as the network sees it.",
                [
                    "id": .id("The gateway's."),
                    "record_type": .recordType("network_interface"),
                    "type": .word(
                        "What kind of gateway it is.",
                        NetworkInterface.Kind.allCases.map(\.rawValue)
                    ),
                    "name": .name("What people call it.").orNull,
                    "network_id": .id("The network."),
                    "status": status,
                    "region_code": .string("Where it is."),
                    "region": .named("GatewayRegion"),
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When it was changed."),
                ]
            )
        ),
    ]

    static let regions: [(name: String, schema: Schema)] = [
        (
            "Region",
            .object(
                "Where gateways can be made.",
                [
                    "code": .string("Names it.", example: "ashburn-va"),
                    "name": .string("For people.", example: "Ashburn VA, US"),
                    "record_type": .recordType("region"),
                    "supported_interfaces": .array(
                        "What can be made there.",
                        of: .string("A kind of gateway.")
                    ),
                    "created_at": .time("When it was set up."),
                    "updated_at": .time("When it was changed."),
                ]
            )
        ),
        (
            "GatewayRegion",
            .object(
                "The region of a gateway.",
                [
                    "code": .string("Names it.", example: "ashburn-va"),
                    "name": .string("For people.", example: "Ashburn VA, US"),
                    "record_type": .recordType("region"),
                ]
            )
        ),
        (
            "NetworkCoverage",
            .object(
                "A site, and what can be had there.",
                [
                    "record_type": .recordType("network_coverage"),
                    "available_services": .array("What can be had.", of: .string("A service.")),
                    "location": .object(
                        "Where it is.",
                        [
                            "region": .string("A part of the world.", example: "AMER"),
                            "site": .string("An area in it.", example: "IAD"),
                            "pop": .string("A data centre.", example: "DC2"),
                            "name": .string("For people.", example: "Ashburn VA, US"),
                            "code": .string(
                                "The `region_code` of gateways.",
                                example: "ashburn-va"
                            ),
                        ]
                    ),
                ]
            )
        ),
    ]

    /// Of gateways of all kinds.
    static let status: Schema = .word(
        "How far it is.",
        InterfaceStatus.allCases.map(\.rawValue)
    )
}
