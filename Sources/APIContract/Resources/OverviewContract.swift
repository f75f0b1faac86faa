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
        Member("gateways_count", Codec<Int>.count, "The number of gateways."),
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
        Member("peers_count", Codec<Int>.count, "The number of peers."),
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
            Codec<[Remark]>.array(
                of: .reference(to: Remark.contract) { Remark($0) },
                "One thing that is wrong, and what to do about it."
            ),
            "What is wrong, the worst first. The list is empty where all is well."
        ),
        \Overview.remarks
    )
    package let checkedAt = AnswerMember(
        Member(
            "checked_at",
            Codec<Timestamp>.time,
            "The time at which the gateways and peers were looked at."
        ),
        \Overview.checkedAt
    )
}

extension Remark: APIObject {
    package static let contract = AnswerContract(
        "Remark",
        "One thing that is wrong, and what to do about it.",
        RemarkMembers()
    )

    fileprivate init(_ decoded: Decoded<RemarkMembers>) {
        self.init(
            decoded.code,
            decoded.severity,
            count: decoded.count,
            decoded.message,
            nextStep: decoded.nextStep
        )
    }
}

package struct RemarkMembers: AnswerMembers {
    package typealias Object = Remark

    package let code = AnswerMember(
        Member("code", Codec<RemarkCode>.word, "What is wrong, as a word for programs."),
        \Remark.code
    )
    package let severity = AnswerMember(
        Member(
            "severity",
            Codec<RemarkSeverity>.word,
            """
            How bad it is: with an `error` something does not work, with a `warning` something may not work \
            as it is meant to, and with an `info` nothing is wrong.
            """
        ),
        \Remark.severity
    )
    package let message = AnswerMember(
        Member("message", Codec<String>.text, "What is wrong, in whole sentences."),
        \Remark.message
    )
    package let nextStep = AnswerMember(
        Member("next_step", Codec<String>.text, "What to do about it, in whole sentences."),
        \Remark.nextStep
    )
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
