package import GatewayDomain

extension TrafficHistory: APIObject {
    package static let contract = AnswerContract(
        "TrafficHistory",
        "What a gateway or a peer carried lately, in steps of equal length.",
        TrafficHistoryMembers()
    )
}

/// A column for each figure, with a number for each step: short, and what a chart draws.
package struct TrafficHistoryMembers: AnswerMembers {
    package typealias Object = TrafficHistory

    package let recordType = AnswerMember<TrafficHistory, String>(recordType: "traffic_history")
    package let knownSince = AnswerMember(
        Member(
            "known_since",
            Codec<Timestamp>.time,
            """
            The time since which the server counts. A gateway is counted since it was made or the server was \
            started, a peer since its history was first asked for.
            """
        ),
        \TrafficHistory.knownSince
    )
    package let since = AnswerMember(
        Member("since", Codec<Timestamp>.time, "The time at which the first step begins."),
        \TrafficHistory.since
    )
    package let until = AnswerMember(
        Member(
            "until",
            Codec<Timestamp>.time,
            "The time at which the last step ended. A step that has not ended is left out."
        ),
        \TrafficHistory.until
    )
    package let step = AnswerMember(
        Member(
            "step",
            Codec<Int>.integer(in: TrafficHistory.steps),
            "The length of each step in seconds."
        ),
        \TrafficHistory.step
    )
    package let rxBytes = AnswerMember(
        .column("rx_bytes", "The number of bytes that came from peers in each step.")
    ) { (history: TrafficHistory) in history.counts.map(\.rxBytes) }
    package let txBytes = AnswerMember(
        .column("tx_bytes", "The number of bytes that went to peers in each step.")
    ) { (history: TrafficHistory) in history.counts.map(\.txBytes) }
    package let rxPackets = AnswerMember(
        .column("rx_packets", "The number of messages that came from peers in each step.")
    ) { (history: TrafficHistory) in history.counts.map(\.rxPackets) }
    package let txPackets = AnswerMember(
        .column("tx_packets", "The number of messages that went to peers in each step.")
    ) { (history: TrafficHistory) in history.counts.map(\.txPackets) }
    package let handshakes = AnswerMember(
        .column("handshakes", "The number of handshakes that were completed in each step.")
    ) { (history: TrafficHistory) in history.counts.map(\.handshakes) }
    package let drops = AnswerMember(
        Member(
            "drops",
            Codec<[TrafficHistory.Drops]>.array(
                of: .inline(TrafficHistory.Drops.contract) {
                    TrafficHistory.Drops(reason: $0.reason, counts: $0.counts)
                },
                "One reason, and how often it was met."
            ),
            """
            Why datagrams and packets of a gateway went no further, with a column for each reason that was \
            met. The list is empty for a peer.
            """
        ),
        \TrafficHistory.drops
    )
}

extension TrafficHistory.Drops: APIObject {
    package static let contract = AnswerContract(
        "TrafficDrops",
        "One reason why packets went no further, and how often it was met.",
        TrafficDropsMembers()
    )
}

package struct TrafficDropsMembers: AnswerMembers {
    package typealias Object = TrafficHistory.Drops

    package let reason = AnswerMember(
        Member(
            "reason",
            Codec<String>.text(example: "no_route"),
            "The reason, as the metrics of the server name it."
        ),
        \TrafficHistory.Drops.reason
    )
    package let counts = AnswerMember(
        .column("counts", "The number of datagrams and packets in each step."),
        \TrafficHistory.Drops.counts
    )
}

extension Member<[UInt64]> {
    fileprivate static func column(_ name: String, _ description: String) -> Member {
        Member(name, .array(of: .count, "The number of one step."), description)
    }
}
