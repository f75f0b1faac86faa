import GatewayDomain
import GatewayStore
import NodeProtocol

// Limits, which are told with what they limit.

extension LocalNodeFeed {
    /// Without limits of what has changed itself, which is told with them.
    func withoutLimitsOfChanged(_ changes: [Changes.Change]) -> [Changes.Change] {
        let changed = Set(
            changes.compactMap { change in
                switch change.object {
                case .gateway(let id): "\(id)"
                case .peer(let id): "\(id)"
                case .backboneLink, .limits: nil
                }
            }
        )
        return changes.filter { change in
            if case .limits(let id) = change.object { !changed.contains(id) } else { true }
        }
    }

    /// Gateways whose limits have changed, or those of their organizations. Most limits that change are those of other nodes.
    func limitedGateways(
        _ changes: [Changes.Change],
        on node: GatewayNode,
        _ services: [PrivateService],
        _ peers: [PeerID: NodeChange],
        _ db: any SQLConnection
    ) throws -> [NodeChange] {
        let ids: [String] = changes.compactMap { change in
            guard case .limits(let id) = change.object else { return nil }
            return PeerID(id).flatMap { peers[$0] } == nil ? id : nil
        }
        return try NodeTables.gateways(on: node.id, limitedAs: ids, db).compactMap {
            try gatewayChange($0, on: node, services, db)
        }
    }
}

/// Limits as nodes are told them, by what is limited.
struct ProvidedLimits {
    private let provisions: [LimitSubject: LimitProvision]

    init(_ settings: [LimitSetting]) {
        let limited = settings.filter { !$0.limits.isEmpty }
        provisions = Dictionary(
            limited.map { ($0.subject, LimitProvision(limits: $0.limits, use: $0.use)) }
        ) { first, _ in first }
    }

    /// Nil without limits.
    subscript(subject: LimitSubject) -> LimitProvision? { provisions[subject] }
}
