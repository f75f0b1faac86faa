import APIContract
import GatewayClient
import GatewayDomain

enum DefaultGatewayNoun: Noun {
    typealias Object = DefaultGateway

    static let word = "default-gateway"
    static let phrase = "default gateway"
    static let resource = Resource<DefaultGateway>("networks")

    static func id(of gateway: Answer) -> String { "\(gateway.id)" }
    static func name(of gateway: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("network", needing: .networks) { .text($1.name(of: $0.networkID)) },
        Column("peer", needing: [], peer: { $0.peerID }) { gateway, names in
            .text(gateway.peerID.map { names.name(of: $0) })
        },
        Column("status") { .status($0.status) },
        Column("created") { .time($0.createdAt) },
        Column("peer-id", wide: true) { .text($0.peerID) },
        Column("id", wide: true) { .text($0.id) },
        Column("remark", wide: true) { .text($0.statusReason) },
    ]
}
