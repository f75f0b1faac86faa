package import GatewayDomain
import GatewayStore

package struct ListNetworks: Sendable {
    let store: Store

    package func callAsFunction(name: String?, page: Page, by caller: Caller) async throws -> PageOf<Network> {
        fatalError()
    }
}
