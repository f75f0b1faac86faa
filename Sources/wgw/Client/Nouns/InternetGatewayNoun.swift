import APIContract
import GatewayClient
import GatewayDomain

enum InternetGatewayNoun: WatchedNoun {
    typealias Object = InternetGateway
    typealias Kind = InternetGateway

    static let word = "internet-gateway"
    static let phrase = "internet gateway"
    static let resource = Resource.internetGateways
    static let objectType = Event.ObjectType.internetGateway
    static let deletion =
        "Delete internet gateways: peers do not reach the internet through them any more."

    static func id(of gateway: Answer) -> String { "\(gateway.id)" }
    static func name(of gateway: Answer) -> String? { gateway.name }

    static let placeColumn: String? = "network"

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name ?? "\($0.id)") },
        Column("network", needing: .networks) { .text($1.name(of: $0.networkID)) },
        Column("region") { .text($0.regionCode) },
        Column("status") { .status($0.status) },
        Column("public-ip") { .text($0.publicHost) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("remark", wide: true) { .text($0.statusReason) },
    ]
}
