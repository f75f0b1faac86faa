package import GatewayDomain

extension NetworkInterface: APIObject {
    package static let contract = AnswerContract(
        "NetworkInterface",
        "A gateway of any kind, as a list of its network's interfaces shows it.",
        NetworkInterfaceMembers()
    )
}

package struct NetworkInterfaceMembers: AnswerMembers {
    package static let kind = Member(
        "type",
        Codec<NetworkInterface.Kind>.word,
        "The kind of gateway that the interface is."
    )
    package static let name = Member.name(of: "gateway")
    package static let status = Member.status(of: "gateway")

    package typealias Object = NetworkInterface

    package let id = AnswerMember(.id(of: "gateway"), \NetworkInterface.id)
    package let recordType = AnswerMember<NetworkInterface, String>(
        recordType: "network_interface"
    )
    package let kind = AnswerMember(word: NetworkInterfaceMembers.kind, \NetworkInterface.kind)
    package let name = AnswerMember(
        nullable: NetworkInterfaceMembers.name,
        \NetworkInterface.name
    )
    package let networkID = AnswerMember(
        .networkID(of: "gateway"),
        \NetworkInterface.networkID
    )
    package let status = AnswerMember(NetworkInterfaceMembers.status, \NetworkInterface.status)
    package let regionCode = AnswerMember(
        .regionCode(of: "gateway"),
        \NetworkInterface.region.code
    )
    package let region = AnswerMember(.region(of: "gateway")) {
        (interface: NetworkInterface) in RegionSummary(interface.region)
    }
    package let createdAt = AnswerMember(.createdAt(of: "gateway"), \NetworkInterface.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "gateway"), \NetworkInterface.updatedAt)
}
