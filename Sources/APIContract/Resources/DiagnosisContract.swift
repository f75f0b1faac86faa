package import GatewayDomain
import JSON
package import NetAddress

extension PeerDiagnosis: APIObject {
    package static let contract = AnswerContract(
        "PeerDiagnosis",
        "What the server knows of how a peer does, and what to do about it.",
        PeerDiagnosisMembers()
    )
}

package struct PeerDiagnosisMembers: AnswerMembers {
    package typealias Object = PeerDiagnosis

    package let recordType = AnswerMember<PeerDiagnosis, String>(recordType: "peer_diagnosis")
    package let peerID = AnswerMember(
        Member("peer_id", Codec<PeerID>.id(), "The id of the peer that was looked at."),
        \PeerDiagnosis.peerID
    )
    package let gatewayID = AnswerMember(PeerMembers.gatewayID, \PeerDiagnosis.gatewayID)
    package let severity = AnswerMember(word: .worstSeverity, \PeerDiagnosis.severity)
    package let findings = AnswerMember(.findings) { (diagnosis: PeerDiagnosis) in
        diagnosis.findings.map { .made($0) }
    }
    package let drops = AnswerMember(
        Member(
            "drops",
            Codec<[Part<DropObservation>]>.array(
                of: .part(of: DropObservation.self),
                "Packets that went no further, for one reason and between two addresses."
            ),
            "The newest kinds of packets of the peer, or for it, that the gateway did not forward."
        )
    ) { (diagnosis: PeerDiagnosis) in diagnosis.drops.map { .made($0) } }
    package let observedSince = AnswerMember(.observedSince, \PeerDiagnosis.observedSince)
    package let checkedAt = AnswerMember(
        .checkedAt("The time at which the peer was looked at."),
        \PeerDiagnosis.checkedAt
    )
}

extension GatewayDiagnosis: APIObject {
    package static let contract = AnswerContract(
        "GatewayDiagnosis",
        "What the server knows of how a gateway does, and who knocks at it in vain.",
        GatewayDiagnosisMembers()
    )
}

package struct GatewayDiagnosisMembers: AnswerMembers {
    package typealias Object = GatewayDiagnosis

    package let recordType = AnswerMember<GatewayDiagnosis, String>(
        recordType: "gateway_diagnosis"
    )
    package let gatewayID = AnswerMember(PeerMembers.gatewayID, \GatewayDiagnosis.gatewayID)
    package let severity = AnswerMember(word: .worstSeverity, \GatewayDiagnosis.severity)
    package let findings = AnswerMember(.findings) { (diagnosis: GatewayDiagnosis) in
        diagnosis.findings.map { .made($0) }
    }
    package let observedSince = AnswerMember(.observedSince, \GatewayDiagnosis.observedSince)
    package let checkedAt = AnswerMember(
        .checkedAt("The time at which the gateway was looked at."),
        \GatewayDiagnosis.checkedAt
    )
}

extension Member<Timestamp> {
    static let observedSince = Member(
        "observed_since",
        .time,
        """
        The time since which refused packets and handshakes are remembered. The server forgets them \
        when it is started anew.
        """
    )

    static func checkedAt(_ description: String) -> Member {
        Member("checked_at", .time, description)
    }
}

extension Member<[Part<Finding>]> {
    static let findings = Member(
        "findings",
        .array(of: .part(of: Finding.self), "One thing that was found."),
        "What was found, the worst first. There is one finding at least."
    )
}

extension Member<Severity> {
    static let worstSeverity = Member(
        "severity",
        .word,
        "The severity of the worst finding, which is `ok` where nothing has to be done."
    )
    static let severity = Member(
        "severity",
        .word,
        """
        How bad it is: with an `error` something does not work, with a `warning` something may not work as \
        it is meant to or will stop working, with an `info` nothing is wrong, and with `ok` nothing has to \
        be done.
        """
    )
}

extension Member<String> {
    static let diagnosisMessage = Member(
        "message",
        .text,
        "What the server has found, in whole sentences."
    )
    static let nextStep = Member(
        "next_step",
        .text,
        "What to do about it, in whole sentences, or null where nothing has to be done."
    )
    static let command = Member(
        "command",
        .text,
        """
        A command of `wgw`, or of the server's machine, that shows more of it or does the next step, or null \
        where there is none.
        """
    )
}

extension Finding: APIObject {
    package static let contract = AnswerContract(
        "Finding",
        "One thing that is known of how a peer or a gateway does.",
        FindingMembers()
    )
}

package struct FindingMembers: AnswerMembers {
    package typealias Object = Finding

    package let code = AnswerMember(
        word: Member("code", Codec<Finding.Code>.word, "What was found, as a word for programs."),
        \Finding.code
    )
    package let severity = AnswerMember(word: .severity, \Finding.severity)
    package let certainty = AnswerMember(
        word: Member(
            "certainty",
            Codec<Finding.Certainty>.word,
            """
            How certain it is: `likely` findings have another explanation, which the message names, and \
            `possible` ones may be about another device.
            """
        ),
        \Finding.certainty
    )
    package let message = AnswerMember(.diagnosisMessage, \Finding.message)
    package let nextStep = AnswerMember(nullable: .nextStep, \Finding.nextStep)
    package let command = AnswerMember(nullable: .command, \Finding.command)
    package let source = AnswerMember(
        nullable: Member(
            "source",
            Codec<Endpoint>.parsed("an address and a port"),
            "The address and port outside the tunnel where it came from, or null if there is none."
        ),
        \Finding.source
    )
    package let count = AnswerMember(
        nullable: Member(
            "count",
            Codec<Int>.count,
            "How often it was seen, or null where that says nothing."
        ),
        \Finding.count
    )
    package let lastAt = AnswerMember(
        nullable: Member(
            "last_at",
            Codec<Timestamp>.time,
            "The time at which it was last seen, or null if it lasts."
        ),
        \Finding.lastAt
    )
}

extension DropObservation: APIObject {
    package static let contract = AnswerContract(
        "PacketDrop",
        "Packets that a gateway did not forward, for one reason and between two addresses.",
        DropMembers()
    )
}

package struct DropMembers: AnswerMembers {
    package typealias Object = DropObservation

    package let reason = AnswerMember(
        word: Member(
            "reason",
            Codec<DropCause>.word,
            "Why the packets went no further, as a word for programs."
        ),
        \DropObservation.reason
    )
    package let source = AnswerMember(
        nullable: Member(
            "source",
            Codec<IPAddress>.parsed("an IP address", example: "172.27.0.2"),
            "The address inside the tunnel that the packets came from, or null if it cannot be read."
        ),
        \DropObservation.source
    )
    package let destination = AnswerMember(
        nullable: Member(
            "destination",
            Codec<IPAddress>.parsed("an IP address", example: "172.27.0.3"),
            "The address inside the tunnel that the packets were for, or null if it cannot be read."
        ),
        \DropObservation.destination
    )
    package let count = AnswerMember(
        Member("count", Codec<Int>.count, "The number of these packets."),
        \DropObservation.count
    )
    package let last = AnswerMember(
        Member("last_at", Codec<Timestamp>.time, "The time at which the newest of them came."),
        \DropObservation.last
    )
    package let length = AnswerMember(
        Member("length", Codec<Int>.count, "The number of bytes of the newest of them."),
        \DropObservation.length
    )
    package let mtu = AnswerMember(
        nullable: Member(
            "mtu",
            Codec<Int>.count,
            "The number of bytes that would have fitted, or null if the size was not the reason."
        ),
        \DropObservation.mtu
    )
}
