package import GatewayDomain

extension UsageRow: APIObject {
    package static let contract = AnswerContract(
        "Usage",
        "What was used in some time, as the sum of all that is not told apart.",
        UsageMembers()
    )
}

package struct UsageMembers: AnswerMembers {
    package typealias Object = UsageRow

    package static let gatewayID = Member(
        "wireguard_interface_id",
        Codec<GatewayID>.id(),
        "The id of the gateway, which may be deleted since."
    )
    package static let peerID = Member(
        "peer_id",
        Codec<PeerID>.id(),
        "The id of the peer, which may be deleted since."
    )
    package static let networkID = Member(
        "network_id",
        Codec<NetworkID>.id(),
        "The id of the network, which may be deleted since."
    )

    static let gatewayName = Member(
        "wireguard_interface_name",
        Codec<String>.name,
        "The name of the gateway, which is the last one it had if it is deleted."
    )
    static let kind = Member(
        "kind",
        Codec<String>.text(oneOf: UsageKind.allCases.map(\.rawValue)),
        """
        What was at the other end of the packets: `hairpin` for a peer on the same node, `link` for a peer behind a \
        gateway of another node, `services` for a private service, `internet` for any other address; or null if the \
        kinds are not told apart.
        """
    )

    package let recordType = AnswerMember<UsageRow, String>(recordType: "usage")
    package let since = AnswerMember(
        Member("since", Codec<Timestamp>.time, "The time at which the counted time begins.")
    ) { (row: UsageRow) in row.hours.lowerBound.start }
    package let until = AnswerMember(
        Member("until", Codec<Timestamp>.time, "The time at which the counted time ends.")
    ) { (row: UsageRow) in row.hours.upperBound.start }
    package let organizationID = AnswerMember(
        nullable: Member(
            "organization_id",
            Codec<OrganizationID>.id(),
            "The id of the organization whose usage it is, or null if the sum does not tell them apart."
        ),
        \UsageRow.organizationID
    )
    package let networkID = AnswerMember(nullable: Self.networkID, \UsageRow.networkID)
    package let gatewayID = AnswerMember(nullable: Self.gatewayID, \UsageRow.gatewayID)
    package let gatewayName = AnswerMember(nullable: Self.gatewayName, \UsageRow.gatewayName)
    package let peerID = AnswerMember(nullable: Self.peerID, \UsageRow.peerID)
    package let peerName = AnswerMember(
        nullable: Member(
            "peer_name",
            Codec<String>.name,
            "The name of the peer, which is the last one it had if it is deleted."
        ),
        \UsageRow.peerName
    )
    package let kind = AnswerMember(nullable: Self.kind) { (row: UsageRow) in row.kind?.rawValue }
    package let rxPackets = AnswerMember(
        Member("rx_packets", Codec<UInt64>.count, "The number of packets that came from peers."),
        \UsageRow.counts.rxPackets
    )
    package let rxBytes = AnswerMember(
        .rxBytes(
            """
            The number of bytes that came from peers, of whole IP packets inside of the tunnel. The counters of a \
            peer have WireGuard's own bytes too, as `wg show` counts them, and are larger.
            """
        ),
        \UsageRow.counts.rxBytes
    )
    package let txPackets = AnswerMember(
        Member("tx_packets", Codec<UInt64>.count, "The number of packets that went to peers."),
        \UsageRow.counts.txPackets
    )
    package let txBytes = AnswerMember(
        .txBytes(
            """
            The number of bytes that went to peers, of whole IP packets inside of the tunnel. The counters of a \
            peer have WireGuard's own bytes too, as `wg show` counts them, and are larger.
            """
        ),
        \UsageRow.counts.txBytes
    )
}
