package import GatewayDomain

extension BackboneLink: APIObject {
    package static let contract = AnswerContract(
        "BackboneLink",
        """
        A link between two gateways of one network that are on different nodes, over which their peers reach \
        each other. The server makes it with the second of the two gateways, and deletes it with the first.
        """,
        BackboneLinkMembers()
    )
}

package struct BackboneLinkMembers: AnswerMembers {
    package static let networkID = Member.networkID(of: "link")
    /// What lists are filtered by.
    package static let gatewayID = Member<GatewayID>(
        "wireguard_interface_id",
        .id(),
        "The id of one of the two gateways of the link."
    )

    package typealias Object = BackboneLink

    package let id = AnswerMember(.id(of: "link"), \BackboneLink.id)
    package let recordType = AnswerMember<BackboneLink, String>(recordType: "backbone_link")
    package let networkID = AnswerMember(BackboneLinkMembers.networkID, \BackboneLink.networkID)
    package let state = AnswerMember(
        word: Member(
            "state",
            Codec<LinkState>.word,
            """
            Where packets between the two gateways go, by the end that is worse off: `connecting` before the first \
            answer, `up` over the link, `detour` over a third gateway while the link does not answer, and `down` \
            where there is no way around either.
            """
        ),
        \BackboneLink.state
    )
    package let stateSince = AnswerMember(
        Member(
            "state_since",
            Codec<Timestamp>.time,
            "The time since which the link is in its state."
        ),
        \BackboneLink.stateSince
    )
    package let ends = AnswerMember(
        Member(
            "ends",
            Codec<[Part<LinkEnd>]>.array(
                of: .part(of: LinkEnd.self),
                "One of the two gateways that the link connects, with its node."
            ),
            "The two ends of the link, each at a gateway."
        )
    ) { (link: BackboneLink) in link.ends.map { .made($0) } }
    package let roundTrip = AnswerMember(
        nullable: Member(
            "round_trip_us",
            Codec<Int>.count,
            """
            The time that a packet takes over the link and back, in microseconds, or null while the link does not \
            answer.
            """
        ),
        \BackboneLink.figures?.roundTripMicroseconds
    )
    package let loss = AnswerMember(
        nullable: Member(
            "loss_percent",
            Codec<Int>.integer(in: 0...100),
            """
            The share of packets without an answer among those with which the link was measured in the last half \
            minute, in percent, or null where it was not measured.
            """
        ),
        \BackboneLink.figures?.lossPercent
    )
    package let measuredAt = AnswerMember(
        nullable: Member(
            "measured_at",
            Codec<Timestamp>.time,
            "The time at which the link was last measured, or null if it was not."
        ),
        \BackboneLink.figures?.measuredAt
    )
    package let lanesCount = AnswerMember(
        Member(
            "lanes_count",
            Codec<Int>.count,
            """
            The number of tunnels that the link consists of. Each has UDP ports of its own, and all packets of one \
            connection take the same one.
            """
        ),
        \BackboneLink.lanesCount
    )
    package let mtu = AnswerMember(
        Member(
            "mtu",
            Codec<Int>.count,
            "The size of the largest packet in bytes that goes over the link: the smaller MTU of its gateways."
        ),
        \BackboneLink.mtu
    )
    package let createdAt = AnswerMember(.createdAt(of: "link"), \BackboneLink.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "link"), \BackboneLink.updatedAt)
}

extension LinkEnd: APIObject {
    package static let contract = AnswerContract(
        "BackboneLinkEnd",
        "One end of a link between gateways.",
        BackboneLinkEndMembers()
    )
}

package struct BackboneLinkEndMembers: AnswerMembers {
    package typealias Object = LinkEnd

    package let gatewayID = AnswerMember(
        Member<GatewayID>(
            "wireguard_interface_id",
            .id(),
            "The id of the gateway at this end."
        ),
        \LinkEnd.gatewayID
    )
    package let regionCode = AnswerMember(
        .regionCode(of: "gateway at this end"),
        \LinkEnd.regionCode
    )
    package let nodeID = AnswerMember(
        Member<NodeID>("node_id", .id(), "The id of the node that carries the gateway."),
        \LinkEnd.nodeID
    )
    package let state = AnswerMember(
        word: Member(
            "state",
            Codec<LinkState>.word,
            "Where packets go that this gateway has for the other one, as its node last reported."
        ),
        \LinkEnd.state
    )
    package let via = AnswerMember(
        nullable: Member<GatewayID>(
            "via_wireguard_interface_id",
            .id(),
            "The id of the gateway over which they go around, or null where they do not."
        ),
        \LinkEnd.viaGatewayID
    )
}
