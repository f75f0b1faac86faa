import APIContract
import GatewayClient
import GatewayDomain

enum NodeNoun: WatchedNoun {
    typealias Object = NodeAnswer
    typealias Kind = GatewayNode

    static let word = "node"
    static let resource = Resource.nodes
    static let objectType = Event.ObjectType.node
    static let deletion = "Delete nodes that carry no gateways; their machines are turned away."

    static func id(of node: Answer) -> String { "\(node.id)" }
    static func name(of node: Answer) -> String? { node.name }

    static func uses(of nodes: [Answer], _ client: GatewayClient) async throws -> [String?] {
        nodes.map { node in
            switch node.gatewaysCount {
            case 0: node.state == .joining ? nil : "its machine is turned away from then on"
            case 1: "its gateway is to be moved or deleted first"
            default: "its \(node.gatewaysCount) gateways are to be moved or deleted first"
            }
        }
    }

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name) },
        Column("regions") { .list($0.regionCodes) },
        Column("state") { .state(of: $0) },
        Column("address") { .text($0.host) },
        Column("gateways") { .number($0.gatewaysCount) },
        Column("last-seen", short: "seen") { .time($0.lastSeenAt) },
        Column(
            "load",
            meaning:
                "how busy the processors of the machine were of late, in percent of all of them"
        ) { .text($0.loadPercent.map { "\($0) %" }) },
        Column("ports", wide: true) { .text($0.ports) },
        Column("version", wide: true) { .text($0.version) },
        Column("revision", wide: true) { .text($0.revision.map { "\($0)" }) },
        Column("since", wide: true) { .time($0.stateSince) },
        Column("token-ends", wide: true) { .time($0.tokenExpiresAt) },
        Column("second-session", wide: true) { .time($0.secondSessionAt) },
        Column("id", wide: true) { .text($0.id) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]
}

extension Cell {
    /// A node that is away drains all the same, which no other word tells.
    fileprivate static func state(of node: NodeNoun.Answer) -> Cell {
        let text = node.state.text
        let isDraining = node.isDraining && node.state != .draining
        return .state(
            isDraining ? "\(text), draining" : text,
            node.state == .connected ? .good : .waiting
        )
    }
}
