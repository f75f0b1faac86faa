package import GatewayDomain

extension Overview: APIObject {
    package static let contract = AnswerContract(
        "Overview",
        "How the gateways and peers that the API key may see do, and what is wrong with them.",
        OverviewMembers()
    )
}

package struct OverviewMembers: AnswerMembers {
    package typealias Object = Overview

    package let recordType = AnswerMember<Overview, String>(recordType: "overview")
    package let gateways = AnswerMember(
        Member(
            "gateways_count",
            Codec<Int>.count,
            "The number of gateways that the API key may see."
        ),
        \Overview.gateways.total
    )
    package let provisionedGateways = AnswerMember(
        Member(
            "provisioned_gateways_count",
            Codec<Int>.count,
            "The number of gateways that are in service."
        ),
        \Overview.gateways.provisioned
    )
    package let peers = AnswerMember(
        Member("peers_count", Codec<Int>.count, "The number of peers that the API key may see."),
        \Overview.peers.total
    )
    package let connectedPeers = AnswerMember(
        Member(
            "connected_peers_count",
            Codec<Int>.count,
            """
            The number of peers that are connected: those whose latest handshake is less than \
            \(PeerConnection.sessionSeconds) seconds old.
            """
        ),
        \Overview.peers.connected
    )
    package let neverConnectedPeers = AnswerMember(
        Member(
            "never_connected_peers_count",
            Codec<Int>.count,
            "The number of peers that have never connected."
        ),
        \Overview.peers.neverConnected
    )
    package let remarks = AnswerMember(
        Member(
            "remarks",
            Codec<[Part<Remark>]>.array(
                of: .part(of: Remark.self),
                "One thing that is wrong, and what to do about it."
            ),
            "What is wrong, the worst first. The list is empty where all is well."
        )
    ) { (overview: Overview) in overview.remarks.map { .made($0) } }
    package let checkedAt = AnswerMember(
        .checkedAt("The time at which the gateways and peers were looked at."),
        \Overview.checkedAt
    )
}

extension Remark: APIObject {
    package static let contract = AnswerContract(
        "Remark",
        "One thing that is wrong, and what to do about it.",
        RemarkMembers()
    )
}

package struct RemarkMembers: AnswerMembers {
    package typealias Object = Remark

    package let code = AnswerMember(
        word: Member(
            "code",
            Codec<RemarkCode>.word,
            "What was found, as a word for programs, which is that of a finding about one peer where both say the same."
        ),
        \Remark.code
    )
    package let severity = AnswerMember(word: .severity, \Remark.severity)
    package let message = AnswerMember(.diagnosisMessage, \Remark.message)
    package let nextStep = AnswerMember(
        Member("next_step", Codec<String>.text, "What to do about it, in whole sentences."),
        \Remark.nextStep
    )
    package let command = AnswerMember(nullable: .command, \Remark.command)
    package let count = AnswerMember(
        Member(
            "count",
            Codec<Int>.count,
            """
            The number of gateways or of peers that it is about, as far as they are counted, or 0 if it is about \
            neither.
            """
        ),
        \Remark.count
    )
}
