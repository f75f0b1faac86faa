import APIContract
import GatewayDomain
import OpenAPI

extension Operation {
    static let listPeers = Operation.list(
        "listPeers",
        "List the peers of the organization.",
        """
        Lists the peers that the API key may see, without their secrets: the oldest first, or in the order that \
        `sort` names. A peer has to meet all filters.
        """,
        of: "Peer",
        filters + [.order(ListOrder<PeerSortMember>.self)]
    )

    static let exportPeers = Operation(
        id: "exportPeers",
        summary: "List the peers as one table for spreadsheets.",
        about: """
            Lists all peers that the API key may see and that meet the filters, without pages, as they are when \
            the table is written. Its columns are members of a peer, by their names. A cell that begins with `=`, \
            `+`, `-` or `@` has an apostrophe in front, so that no spreadsheet takes it for a formula.
            """,
        access: .anyKey,
        parameters: filters + [.order(ListOrder<PeerSortMember>.self)],
        answer: "A table, written as RFC 4180 has it, with a line of names first.",
        result: .text(mediaType: "text/csv", "The text of the table.")
    )

    private static let idsPattern = {
        let id = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
        return "^\(id)(,\(id)){0,\(PeerFilter.mostIDs - 1)}$"
    }()

    private static let filters: [Parameter] = [
        .filter(
            PeerMembers.gatewayID,
            "Lists only the peers of this gateway.",
            .id("The id of a WireGuard gateway.")
        ),
        .filter(
            GatewayMembers.networkID,
            "Lists only the peers of the gateways of this network.",
            .id("The id of a network with peers.")
        ),
        .filter(
            PeerFilter.idKey,
            "Lists only the peers with these ids, of which there are \(PeerFilter.mostIDs) at most.",
            .string("Ids of peers with commas between them.", pattern: idsPattern)
        ),
        .nameFilter(PeerMembers.name, of: "peers"),
        .namePartFilter(PeerMembers.name, of: "peers"),
        .filter(
            PeerFilter.searchKey,
            """
            Lists only the peers that have this text in their name or in their address, or whose public key begins \
            with it.
            """,
            .string(
                "What is looked for; the letters A to Z match in upper and lower case.",
                length: 0...ObjectName.maximumLength
            )
        ),
        .filter(
            PeerFilter.connectionKey,
            """
            Lists only the peers that are `connected`, with a handshake less than \(PeerConnection.sessionSeconds) \
            seconds ago; or `silent`, with an older one; or `never_connected`.
            """,
            .word("Whether a peer has a session with its gateway.", PeerConnection.words)
        ),
        .filter(
            PeerMembers.lastSeen,
            .from,
            "Lists only the peers that were heard at this time or later.",
            .time("A time of RFC 3339 after which the peers were heard.")
        ),
        .filter(
            PeerMembers.lastSeen,
            .before,
            "Lists only the peers that were heard once, but not at this time or later.",
            .time("A time of RFC 3339 since which the peers are silent.")
        ),
        .filter(
            PeerMembers.configState,
            "Lists only the peers whose config file is in this state.",
            .word("The state of the config file.", ConfigState.words)
        ),
    ]

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
            path in a comment. To a key that sees the preshared key, this counts as fetching the config, unless \
            `peek` says otherwise, and `config_state` tells it.
            """,
        access: .anyKey,
        parameters: [.configFormat, .fullTunnel, .peek],
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
        parameters: [.guideSystem, .fullTunnel, .peek],
        answer: "A guide for the system that was asked for.",
        result: .text(mediaType: "text/markdown", "The text of the guide, in Markdown.")
    )
}
