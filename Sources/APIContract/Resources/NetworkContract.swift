package import GatewayDomain
package import NetAddress

extension NewNetwork: APIRequest {
    package static let contract = RequestContract<NewNetwork>(
        "NewNetwork",
        "A request to make a private network.",
        [
            .required(NetworkMembers.name, \.name),
            .optional(NetworkMembers.addressBlock, \.addressBlock),
        ]
    )
}

extension NetworkChange: APIRequest {
    package static let contract = RequestContract<NetworkChange>(
        "NetworkChange",
        "A request to rename a network, of which nothing else can change.",
        [.required(NetworkMembers.name, \.name)]
    )
}

extension Network: APIObject {
    package static let contract = AnswerContract(
        "Network",
        "A private network, which is a routing domain of its own.",
        NetworkMembers()
    )
}

package struct NetworkMembers: AnswerMembers {
    package static let name = Member.name(of: "network")
    static let addressBlock = Member(
        "address_block",
        Codec<IPv4Prefix>.network(example: "172.27.0.0/16"),
        "The addresses that the subnets of the network's gateways are taken from, in CIDR notation."
    )

    package typealias Object = Network

    package let id = AnswerMember(.id(of: "network"), \Network.id)
    package let recordType = AnswerMember<Network, String>(recordType: "network")
    package let name = AnswerMember(NetworkMembers.name, \Network.name)
    package let createdAt = AnswerMember(.createdAt(of: "network"), \Network.createdAt)
    package let updatedAt = AnswerMember(.updatedAt(of: "network"), \Network.updatedAt)
    package let addressBlock = AnswerMember(NetworkMembers.addressBlock, \Network.addressBlock)
}
