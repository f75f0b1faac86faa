import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listPeers = Operation.list(
        "listPeers",
        "List the peers of the organization.",
        "Lists the peers that the API key may see, oldest first, without their secrets.",
        of: "Peer",
        [
            .filter(
                PeerMembers.gatewayID,
                "Lists only the peers of this gateway.",
                .id("The id of a WireGuard gateway.")
            ),
            .nameFilter(PeerMembers.name, of: "peers"),
            .filter(
                PeerMembers.configState,
                "Lists only the peers whose config file is in this state.",
                .word("The state of the config file.", ConfigState.allCases.map(\.rawValue))
            ),
        ]
    )

    static let createPeer = Operation.create(
        "createPeer",
        "Make a peer of a WireGuard gateway.",
        """
        Makes a peer and gives it the lowest free address of its gateway. Without a `public_key` in the \
        body the server makes a key pair, whose private key is in this answer only; so is a preshared key \
        that the server makes. With `include` the answer has the finished config beside it. The peer can \
        connect some milliseconds later.
        """,
        for: .role(.member),
        "NewPeer",
        "Peer",
        status: 202
    ).taking([.include, .fullTunnel])

    static let showPeer = Operation.show(
        "showPeer",
        "Show one peer by its id.",
        """
        Shows a peer with its traffic and its last handshake, without its secrets. Traffic is counted \
        twice a second; it changes the entity tag, but not the outcome of `if-match`.
        """,
        "Peer"
    )

    static let updatePeer = Operation.change(
        "updatePeer",
        "Change a peer or its keys.",
        """
        Changes the members that the body has and leaves the others. A body without any of them gives the \
        peer a new key pair, whose private key is in this answer only; with `include` the finished config is \
        beside it. Where a key changes, the session of the peer ends, and the peer can connect with the new \
        key some milliseconds later.
        """,
        for: .role(.member),
        "PeerChange",
        "Peer"
    ).taking([.include, .fullTunnel])

    static let deletePeer = Operation.delete(
        "deletePeer",
        "Delete a peer of a gateway.",
        """
        Deletes a peer with its links, and the default gateway of the network where it is this peer. Its session ends \
        some milliseconds later, and its address is given to no other peer for 10 seconds.
        """,
        for: .role(.member),
        "Peer"
    )

    static let showPeerConfig = Operation(
        id: "showPeerConfig",
        summary: "Show the WireGuard config of a peer.",
        about: """
            Writes the config that the peer needs to connect, but for its private key, which the server \
            does not keep. Its routes are the subnets of all gateways of the network. The formats for \
            MikroTik and OpenWrt are commands; the one for systemd-networkd is two files, each with its \
            path in a comment. To a key that sees the preshared key, this counts as fetching the config, and \
            `config_state` tells it.
            """,
        access: .anyKey,
        parameters: [.configFormat, .fullTunnel],
        answer: """
            A config in the format that was asked for. A placeholder stands for the private key, and for \
            viewers another one for the preshared key.
            """,
        result: .text(mediaType: "text/plain", "The text of the config.")
    )

    static let showPeerGuide = Operation(
        id: "showPeerGuide",
        summary: "Show how to connect a peer, step by step.",
        about: """
            Writes for the person at the device what to install, where the config goes, how to connect and \
            how to see that it works. The guide holds the config of the peer, with the same placeholders.
            """,
        access: .anyKey,
        parameters: [.guideSystem, .fullTunnel],
        answer: "A guide for the system that was asked for.",
        result: .text(mediaType: "text/markdown", "The text of the guide, in Markdown.")
    )
}
