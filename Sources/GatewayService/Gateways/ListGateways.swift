package import GatewayDomain
import GatewayStore

package struct ListGateways: Sendable {
    let store: Store

    package func callAsFunction(networkID: NetworkID?, page: Page, by caller: Caller) async throws -> PageOf<Gateway> {
        fatalError()
    }
}
