package import GatewayDomain
import JSON

extension PathExplanation: APIObject {
    package static let contract = AnswerContract(
        "PathExplanation",
        "What becomes of a packet from one peer of a network to another, step by step.",
        PathExplanationMembers()
    )
}

package struct PathExplanationMembers: AnswerMembers {
    package typealias Object = PathExplanation

    package let recordType = AnswerMember<PathExplanation, String>(recordType: "path_explanation")
    package let networkID = AnswerMember(
        .networkID(of: "path"),
        \PathExplanation.networkID
    )
    package let from = AnswerMember(
        Member(
            "from",
            Codec<PathEnd>.reference(to: PathEnd.contract) { PathEnd($0) },
            "The peer that sends the packet."
        ),
        \PathExplanation.from
    )
    package let to = AnswerMember(
        Member(
            "to",
            Codec<PathEnd>.reference(to: PathEnd.contract) { PathEnd($0) },
            "The peer or the address that the packet is for."
        ),
        \PathExplanation.to
    )
    package let outcome = AnswerMember(
        word: Member(
            "outcome",
            Codec<PathStep.Outcome>.word,
            """
            Whether the packet arrives, as far as the server can know: `failed` where a step fails, \
            `unknown` where one is not known.
            """
        ),
        \PathExplanation.outcome
    )
    package let steps = AnswerMember(
        Member(
            "steps",
            Codec<[Part<PathStep>]>.array(
                of: .part(of: PathStep.self),
                "One condition for the packet to arrive."
            ),
            "What has to be so for the packet to arrive, in the order in which it gets there."
        )
    ) { (path: PathExplanation) in path.steps.map { .made($0) } }
    package let checkedAt = AnswerMember(
        .checkedAt("The time at which the path was looked at."),
        \PathExplanation.checkedAt
    )
}

extension PathEnd: APIObject {
    package static let contract = AnswerContract(
        "PathEnd",
        "Where a packet comes from or goes to.",
        PathEndMembers()
    )

    fileprivate init(_ decoded: Decoded<PathEndMembers>) {
        self.init(peerID: decoded.peerID, name: decoded.name, address: decoded.address)
    }
}

package struct PathEndMembers: AnswerMembers {
    package typealias Object = PathEnd

    package let peerID = AnswerMember(
        nullable: Member(
            "peer_id",
            Codec<PeerID>.id(),
            "The id of the peer, or null for an address that belongs to no peer."
        ),
        \PathEnd.peerID
    )
    package let name = AnswerMember(
        nullable: Member("name", Codec<String>.text, "The name of the peer, or null without one."),
        \PathEnd.name
    )
    package let address = AnswerMember(
        Member(
            "address",
            Codec<String>.text(example: "172.27.0.2"),
            "The address inside the tunnel."
        ),
        \PathEnd.address
    )
}

extension PathStep: APIObject {
    package static let contract = AnswerContract(
        "PathStep",
        "One condition for a packet to arrive, and whether it is met.",
        PathStepMembers()
    )
}

package struct PathStepMembers: AnswerMembers {
    package typealias Object = PathStep

    package let condition = AnswerMember(
        word: Member(
            "step",
            Codec<PathStep.Condition>.word,
            "Which condition it is, as a word for programs."
        ),
        \PathStep.condition
    )
    package let outcome = AnswerMember(
        word: Member(
            "outcome",
            Codec<PathStep.Outcome>.word,
            "Whether the condition is met, or `unknown` where the server cannot know."
        ),
        \PathStep.outcome
    )
    package let message = AnswerMember(.diagnosisMessage, \PathStep.message)
    package let nextStep = AnswerMember(nullable: .nextStep, \PathStep.nextStep)
}
