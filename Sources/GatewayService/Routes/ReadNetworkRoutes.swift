package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listNetworkRoutes(
        networkID: NetworkID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<NetworkRoute> {
        // A network may have many networks behind peers, all of which a page has to be chosen from.
        try await store.readAside { db in
            try NetworkRoutes.list(in: caller.scope, networkID: networkID, page: page, db)
        }
    }

    package func showNetworkRoute(
        _ id: NetworkRouteID,
        by caller: Caller
    ) async throws -> NetworkRoute {
        let route = try await store.read { db in
            try NetworkRoutes.find(id, in: caller.scope, db)
        }
        guard let route else { throw ServiceError.notFound }
        return route
    }
}
