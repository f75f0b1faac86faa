package import GatewayDomain

extension NewDefaultGateway: APIRequest {
    package static let contract = RequestContract<NewDefaultGateway>(
        "NewDefaultGateway",
        "A request to give a network its default gateway.",
        [.optional(DefaultGatewayMembers.peerID, \.peerID)]
    )
}

extension DefaultGateway: APIObject {
    package static let contract = AnswerContract(
        "DefaultGateway",
        "The default gateway of a network: where its traffic to other addresses goes out.",
        DefaultGatewayMembers()
    )
}

package struct DefaultGatewayMembers: AnswerMembers {
    static let peerID = Member(
        "wireguard_peer_id",
        Codec<PeerID>.id(),
        "The id of the peer that the network's traffic goes out through, or null for none."
    )

    package typealias Object = DefaultGateway

    package let id = AnswerMember(.id(of: "default gateway"), \DefaultGateway.id)
    package let recordType = AnswerMember<DefaultGateway, String>(recordType: "default_gateway")
    package let networkID = AnswerMember(
        .networkID(of: "default gateway"),
        \DefaultGateway.networkID
    )
    package let peerID = AnswerMember(
        nullable: DefaultGatewayMembers.peerID,
        \DefaultGateway.peerID
    )
    package let status = AnswerMember(word: .status(of: "default gateway"), \DefaultGateway.status)
    package let createdAt = AnswerMember(
        .createdAt(of: "default gateway"),
        \DefaultGateway.createdAt
    )
    package let updatedAt = AnswerMember(
        .updatedAt(of: "default gateway"),
        \DefaultGateway.updatedAt
    )
    package let statusReason = AnswerMember(
        nullable: .statusReason(
            "Why the default gateway is not provisioned, or null if it is."
        ),
        \DefaultGateway.statusReason
    )
}
