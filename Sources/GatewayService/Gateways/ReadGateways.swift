package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listGateways(
        networkID: NetworkID?,
        name: String? = nil,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Gateway> {
        try await store.read { db in
            try Gateways.list(in: caller.scope, networkID: networkID, name: name, page: page, db)
        }
    }

    package func showGateway(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        let gateway = try await store.read { db in
            try Gateways.find(id, in: caller.scope, db)
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }
}
