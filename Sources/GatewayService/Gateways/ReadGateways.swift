package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listGateways(
        _ filter: GatewayFilter = GatewayFilter(),
        order: ListOrder<GatewaySortMember> = .oldestFirst,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Gateway> {
        try await store.read { db in
            try Gateways.list(in: caller.scope, filter, order: order, page: page, db)
        }
    }

    package func showGateway(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        let gateway = try await store.read { db in
            try Gateways.find(id, in: caller.scope, db)
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }

    /// The same gateways with how they do at the moment.
    package func addingFigures(to gateways: [Gateway]) async throws -> [Gateway] {
        let now = now()
        let (connected, nodes) = try await store.read { db in
            (
                try Peers.countConnected(ofEach: gateways.map(\.id), at: now, db),
                try Nodes.all(db).map(addingActivity)
            )
        }
        let absences = Dictionary(uniqueKeysWithValues: nodes.map { ($0.id, $0.absentSince) })
        return gateways.map { gateway in
            var gateway = gateway
            let rate = trafficRecorder.rate(of: gateway.id, at: now)
            gateway.activity.figures = GatewayFigures(
                connectedPeersCount: connected[gateway.id] ?? 0,
                rxRate: rate.rxBytes,
                txRate: rate.txBytes,
                nodeAwaySince: absences[gateway.nodeID] ?? nil
            )
            return gateway
        }
    }
}
