package import GatewayDomain

extension NewInternetGateway: APIRequest {
    package static let contract = RequestContract<NewInternetGateway>(
        "NewInternetGateway",
        "A request to make an internet gateway, of which a network has one in a region.",
        [
            .required(InternetGatewayMembers.networkID, \.networkID),
            .required(.requestedRegionCode(of: "internet gateway"), \.regionCode),
            .optional(InternetGatewayMembers.name, \.name),
        ]
    )
}

extension InternetGateway: APIObject {
    package static let contract = AnswerContract(
        "InternetGateway",
        "An internet gateway: a way from a network to the internet.",
        InternetGatewayMembers()
    )
}

package struct InternetGatewayMembers: AnswerMembers {
    package static let networkID = Member.networkID(of: "internet gateway")
    package static let regionCode = Member.regionCode(of: "internet gateway")
    static let name = Member.name(of: "internet gateway")

    package typealias Object = InternetGateway

    package let id = AnswerMember(.id(of: "internet gateway"), \InternetGateway.id)
    package let recordType = AnswerMember<InternetGateway, String>(
        recordType: "public_internet_gateway"
    )
    package let networkID = AnswerMember(
        InternetGatewayMembers.networkID,
        \InternetGateway.networkID
    )
    package let regionCode = AnswerMember(
        InternetGatewayMembers.regionCode,
        \InternetGateway.region.code
    )
    package let name = AnswerMember(
        nullable: InternetGatewayMembers.name,
        \InternetGateway.name
    )
    package let status = AnswerMember(
        word: .status(of: "internet gateway"),
        \InternetGateway.status
    )
    package let publicHost = AnswerMember(
        Member(
            "public_ip",
            Codec<PublicHost>.parsed("an IP address or a host name", example: "192.0.2.1"),
            "The IP address or host name by which the server is found from the internet."
        ),
        \InternetGateway.publicHost
    )
    package let region = AnswerMember(.region(of: "internet gateway")) {
        (gateway: InternetGateway) in RegionSummary(gateway.region)
    }
    package let createdAt = AnswerMember(
        .createdAt(of: "internet gateway"),
        \InternetGateway.createdAt
    )
    package let updatedAt = AnswerMember(
        .updatedAt(of: "internet gateway"),
        \InternetGateway.updatedAt
    )
    package let statusReason = AnswerMember(
        nullable: .statusReason(
            "Why the internet gateway is not provisioned, or null if it is."
        ),
        \InternetGateway.statusReason
    )
}
