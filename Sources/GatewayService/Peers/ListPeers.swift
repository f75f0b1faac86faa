package import GatewayDomain
import GatewayStore

package struct ListPeers: Sendable {
    let store: Store

    package func callAsFunction(gatewayID: GatewayID?, page: Page, by caller: Caller) async throws -> PageOf<Peer> {
        fatalError()
    }
}
