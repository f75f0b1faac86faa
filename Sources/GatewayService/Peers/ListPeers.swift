package import GatewayDomain
import GatewayStore

package struct ListPeers: Sendable {
    let store: Store

    package func callAsFunction(
        gatewayID: GatewayID?,
        page: Page,
        by caller: Caller
    ) async throws -> PageOf<Peer> {
        try await store.read { db in
            try Peers.list(in: caller.scope, gatewayID: gatewayID, page: page, db)
        }
    }
}
