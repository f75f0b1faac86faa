import APIContract
import GatewayClient
import GatewayDomain

enum NetworkNoun: WatchedNoun {
    typealias Object = Network
    typealias Kind = Network

    static let word = "network"
    static let resource = Resource.networks
    static let objectType = Event.ObjectType.network
    static let deletion = "Delete networks that have no gateways."

    static func id(of network: Answer) -> String { "\(network.id)" }
    static func name(of network: Answer) -> String? { network.name }

    static func uses(of networks: [Answer], _ client: GatewayClient) async throws -> [String?] {
        let gateways = try await client.all(.gateways)
        let exits = try await client.all(.internetGateways)
        return networks.map { network in
            NameList.obstacle(
                [
                    NameList(
                        GatewayNoun.word,
                        gateways.filter { $0.networkID == network.id }.map(GatewayNoun.title)
                    ),
                    NameList(
                        InternetGatewayNoun.phrase,
                        exits.filter { $0.networkID == network.id }.map(InternetGatewayNoun.title)
                    ),
                ],
                untilAre: "deleted"
            )
        }
    }

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("address-block") { .text($0.addressBlock) },
        Column("created") { .time($0.createdAt) },
        Column("id", wide: true) { .text($0.id) },
        Column("updated", wide: true) { .time($0.updatedAt) },
    ]
}
