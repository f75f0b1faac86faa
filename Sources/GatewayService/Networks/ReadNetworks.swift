package import GatewayDomain
import GatewayStore

extension ControlPlane {
    package func listNetworks(
        _ filter: NetworkFilter = NetworkFilter(),
        order: ListOrder<NetworkSortMember> = .oldestFirst,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Network> {
        try await store.read { db in
            try Networks.list(in: caller.scope, filter, order: order, page: page, db)
        }
    }

    package func showNetwork(_ id: NetworkID, by caller: Caller) async throws -> Network {
        let network = try await store.read { db in
            try Networks.find(id, in: caller.scope, db)
        }
        guard let network else { throw ServiceError.notFound }
        return network
    }

    /// What is attached to a network: gateways of all kinds.
    package func listNetworkInterfaces(
        _ id: NetworkID,
        filter: InterfaceFilter,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<NetworkInterface> {
        try await store.read { db in
            guard let network = try Networks.find(id, in: caller.scope, db) else {
                throw ServiceError.notFound
            }
            return try NetworkInterfaces.list(of: network, filter: filter, page: page, db)
        }
    }
}
