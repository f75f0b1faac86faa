package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listGateways(
        _ filter: GatewayFilter = GatewayFilter(),
        order: ListOrder<GatewaySortMember> = .oldestFirst,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Gateway> {
        let now = now()
        return try await store.read { db in
            let list = try Gateways.list(
                in: caller.scope,
                filter,
                order: order,
                page: page,
                db
            )
            return PageOf(
                elements: try addingFigures(to: list.elements, at: now, db),
                page: page,
                totalResults: list.totalResults
            )
        }
    }

    package func showGateway(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        let now = now()
        let gateway = try await store.read { db in
            let found = try Gateways.find(id, in: caller.scope, db)
            return try addingFigures(to: found.map { [$0] } ?? [], at: now, db).first
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }

    private func addingFigures(
        to gateways: [Gateway],
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws -> [Gateway] {
        let connected = try Peers.countConnected(ofEach: gateways.map(\.id), at: now, db)
        return gateways.map { gateway in
            var gateway = gateway
            let rate = trafficRecorder.rate(of: gateway.id, at: now)
            gateway.activity.figures = GatewayFigures(
                connectedPeersCount: connected[gateway.id] ?? 0,
                rxRate: rate.rxBytes,
                txRate: rate.txBytes
            )
            return gateway
        }
    }
}
