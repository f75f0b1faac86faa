package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// Nil where the network has none.
    package func showDefaultGateway(
        of id: NetworkID,
        by caller: Caller
    ) async throws -> DefaultGateway? {
        try await store.read { db in
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try DefaultGateways.find(of: id, of: network.organizationID, db)
        }
    }

    package func listInternetGateways(
        networkID: NetworkID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<InternetGateway> {
        try await store.read { db in
            try InternetGateways.list(in: caller.scope, networkID: networkID, page: page, db)
        }
    }

    package func showInternetGateway(
        _ id: InternetGatewayID,
        by caller: Caller
    ) async throws -> InternetGateway {
        let gateway = try await store.read { db in
            try InternetGateways.find(id, in: caller.scope, db)
        }
        guard let gateway else { throw ServiceError.notFound }
        return gateway
    }
}
