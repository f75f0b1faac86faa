import APIContract
import GatewayClient
import GatewayDomain

/// Commands name a route by its network, like 192.168.10.0/24, or by its id.
enum RouteNoun: NamedNoun {
    typealias Object = NetworkRoute
    typealias Kind = NetworkRoute

    static let word = "route"
    static let resource = Resource.routes
    static let deletion = "Delete static routes: the networks are not behind their peers any more."

    static func id(of route: Answer) -> String { "\(route.id)" }
    static func name(of route: Answer) -> String? { "\(route.prefix)" }

    static let placeColumn: String? = "next-hop"

    static let columns: [Column<Answer>] = [
        Column("prefix") { .text($0.prefix) },
        Column("network", needing: .networks) { .text($1.name(of: $0.networkID)) },
        Column("next-hop", needing: [.gateways, .internetGateways], peer: peer) { route, names in
            .text("\(hopWord(route.nextHop.kind.known)) \(names.name(of: route.nextHop.id))")
        },
        Column("origin") { .text($0.origin.text) },
        Column("status") { .state($0.status.text, $0.status == .active ? .good : .waiting) },
        Column("next-hop-id", wide: true) { .text($0.nextHop.id) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]

    private static let peer: @Sendable (Answer) -> PeerID? = { route in
        route.nextHop.kind == .peer ? PeerID(route.nextHop.id) : nil
    }

    /// What an object is called to which packets are given.
    private static func hopWord(_ kind: NetworkRoute.NextHop.HopKind?) -> String {
        switch kind {
        case .gateway: "gateway"
        case .peer: "peer"
        case .internetGateway: "internet gateway"
        case nil: "object"
        }
    }
}
