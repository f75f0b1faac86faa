import JSON
import OpenAPI

extension Schemas {
    private static let presharedKey: Schema = .either(
        "true: the server makes one and answers it once. A key: that one. false or null: none.",
        [.bool("Whether to make one."), .key("The one to take.")]
    ).orNull

    static let peers: [(name: String, schema: Schema)] = [
        (
            "NewPeer",
            .object(
                "A peer to be made.",
                [
                    "wireguard_interface_id": .id("The gateway that it connects to."),
                    "name": .name("What people call it.").orNull,
                    "public_key": .key(
                        "Its WireGuard key. Without one the server makes a pair and answers the"
                            + " private key once."
                    ).orNull,
                    "preshared_key": presharedKey,
                    "persistent_keepalive": keepalive.orNull,
                ],
                optional: ["name", "public_key", "preshared_key", "persistent_keepalive"]
            )
        ),
        (
            "PeerChange",
            .object(
                "What is to be changed of a peer. A body without any of these makes a new key pair"
                    + " and answers the private key once.",
                [
                    "name": .name("What people call it.").orNull,
                    "public_key": .key("Its new WireGuard key.").orNull,
                    "preshared_key": presharedKey,
                    "persistent_keepalive": keepalive.orNull,
                ],
                optional: ["name", "public_key", "preshared_key", "persistent_keepalive"]
            )
        ),
        (
            "Peer",
            .object(
                "A client of one gateway.",
                [
                    "id": .id("Names it."),
                    "record_type": .recordType("wireguard_peer"),
                    "wireguard_interface_id": .id("The gateway that it connects to."),
                    "name": .name("What people call it.").orNull,
                    "public_key": .key("Its WireGuard key."),
                    "private_key": .key("In the one answer that made it."),
                    "last_seen": .time("When traffic last came from it.").orNull,
                    "created_at": .time("When it was made."),
                    "updated_at": .time("When somebody changed it."),
                    "address": .string("Inside the tunnel.", example: "172.27.0.2"),
                    "preshared_key": .key("In the one answer to the request that set it."),
                    "persistent_keepalive": keepalive.orNull,
                    "endpoint": .string(
                        """
                        The address and port that its packets last came from. A link-local IPv6 address \
                        has the number of the interface of the gateway's host behind it, like \
                        `[fe80::1%3]:51820`.
                        """
                    ).orNull,
                    "latest_handshake_at": .time("When keys were last made.").orNull,
                    "rx_bytes": .count("From the peer."),
                    "tx_bytes": .count("To the peer."),
                ],
                optional: ["private_key", "preshared_key"]
            )
        ),
    ]
}
