import APIContract
import GatewayClient
import GatewayDomain

enum LinkNoun: WatchedNoun {
    typealias Object = BackboneLink
    typealias Kind = BackboneLink

    static let word = "link"
    static let resource = Resource.backboneLinks
    static let objectType = Event.ObjectType.backboneLink
    static let deletion = "Links go with their gateways."

    static func id(of link: Answer) -> String { "\(link.id)" }
    static func name(of link: Answer) -> String? { nil }

    static let columns: [Column<Answer>] = [
        Column("from", needing: .gateways) { end(0, of: $0, $1) },
        Column("to", needing: .gateways) { end(1, of: $0, $1) },
        Column("network", needing: .networks) { .text($1.name(of: $0.networkID)) },
        Column("state") { .state($0.state.text, $0.state.mood) },
        Column("since") { .time($0.stateSince) },
        Column("round-trip") { .text($0.roundTrip.map(milliseconds)) },
        Column("loss") { .text($0.loss.map { "\($0) %" }) },
        Column("via", needing: .gateways) { link, names in
            let gateways = Set(link.ends.compactMap(\.via)).sorted()
            return gateways.isEmpty
                ? .none : .text(gateways.map { names.name(of: $0) }.joined(separator: ", "))
        },
        Column("id", wide: true) { .text($0.id) },
        Column("lanes", wide: true) { .number($0.lanesCount) },
        Column("mtu", wide: true) { .number($0.mtu) },
        Column("measured", wide: true) { .time($0.measuredAt) },
        Column("created", wide: true) { .time($0.createdAt) },
    ]

    private static func end(_ index: Int, of link: Answer, _ names: NameBook) -> Cell {
        guard link.ends.indices.contains(index) else { return .none }
        let end = link.ends[index]
        return .text("\(names.name(of: end.gatewayID)) (\(end.regionCode))")
    }

    /// Of microseconds: one decimal is what a person compares.
    private static func milliseconds(_ microseconds: Int) -> String {
        let tenths = (microseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

extension Word<LinkState> {
    fileprivate var mood: Cell.Mood {
        switch known {
        case .up: .good
        case .connecting: .waiting
        case .detour, .down: .bad
        case nil: .plain
        }
    }
}
