import GatewayDomain
import JSON
import OpenAPI

extension Schemas {
    static let keepalive: Schema = .integer(
        "Seconds between keepalives in peers' configs; 0 for none.",
        FieldReader.keepaliveSeconds
    )

    private static let subnet: Schema = .string(
        "The tunnel subnet of the gateway and its peers, in CIDR notation.",
        example: "172.27.1.0/24"
    )

    private static let mtu: Schema = .integer("Of the tunnel.", FieldReader.mtus)

    static let gateways: [(name: String, schema: Schema)] = [
        (
            "NewGateway",
            .object(
                "A gateway to be made.",
                [
                    "network_id": .id("The network that it belongs to."),
                    "region_code": .string("Where it is to be.", example: "local"),
                    "name": .name("What people call it.").orNull,
                    "enable_sip_trunking": .bool(
                        "Whether peers reach the operator's services through it."
                    ).orNull,
                    "subnet": subnet.orNull,
                    "subnet_prefix_length": .integer(
                        "How large a subnet is taken from the network's block.",
                        8...SubnetPlan.longestLength
                    ).orNull,
                    "mtu": mtu.orNull,
                    "persistent_keepalive": keepalive.orNull,
                ],
                optional: [
                    "name", "enable_sip_trunking", "subnet", "subnet_prefix_length", "mtu",
                    "persistent_keepalive",
                ]
            )
        ),
        (
            "Gateway",
            .object(
                "A WireGuard endpoint of one network in one region.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("cloud_vpn"),
                    "network_id": .id("The network that it belongs to."),
                    "region_code": .string("Where it is."),
                    "name": .name("What people call it.").orNull,
                    "enable_sip_trunking": .bool(
                        "Whether peers reach the operator's services through it."
                    ),
                    "status": status,
                    "public_key": .key("Its WireGuard key."),
                    "endpoint": .string(
                        """
                        Where peers find it: an IP address, with brackets around IPv6, or a host name, \
                        and a UDP port.
                        """,
                        example: "192.0.2.1:5000"
                    ),
                    "server_ip_address": .string(
                        "Its own address inside the tunnel.",
                        example: "172.27.0.1/24"
                    ),
                    "region": .named("GatewayRegion"),
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When it was changed."),
                    "subnet": subnet,
                    "mtu": mtu,
                    "persistent_keepalive": keepalive.orNull,
                    "status_reason": .string(
                        """
                        Why it is not provisioned; or, where it is, which of its peers are left out, \
                        and why.
                        """
                    ).orNull,
                    "peers_count": .count("How many peers it has."),
                    "latest_handshake_at": .time("With any peer.").orNull,
                    "rx_bytes": .count("From its peers."),
                    "tx_bytes": .count("To its peers."),
                ]
            )
        ),
    ]

    static let egress: [(name: String, schema: Schema)] = [
        (
            "NewDefaultGateway",
            .object(
                "Which way the traffic of a network goes out.",
                ["wireguard_peer_id": .id("Through this peer.").orNull],
                optional: ["wireguard_peer_id"]
            )
        ),
        (
            "DefaultGateway",
            .object(
                "Where the traffic of a network goes out.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("default_gateway"),
                    "network_id": .id("The network."),
                    "wireguard_peer_id": .id("Through this peer.").orNull,
                    "status": status,
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When it was changed."),
                    "status_reason": .string("Why it is not provisioned.").orNull,
                ]
            )
        ),
        (
            "NewInternetGateway",
            .object(
                "An internet gateway to be made. A network has one in a region.",
                [
                    "network_id": .id("The network."),
                    "region_code": .string("Where it is to be.", example: "local"),
                    "name": .name("What people call it.").orNull,
                ],
                optional: ["name"]
            )
        ),
        (
            "InternetGateway",
            .object(
                "A way to the internet.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("public_internet_gateway"),
                    "network_id": .id("The network."),
                    "region_code": .string("Where it is."),
                    "name": .name("What people call it.").orNull,
                    "status": status,
                    "public_ip": .string(
                        "Where this installation is found: an IP address or a host name.",
                        example: "192.0.2.1"
                    ),
                    "region": .named("GatewayRegion"),
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When it was changed."),
                    "status_reason": .string("Why it is not provisioned.").orNull,
                ]
            )
        ),
    ]
}
