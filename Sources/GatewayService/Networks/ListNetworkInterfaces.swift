package import GatewayDomain
import GatewayStore

package struct ListNetworkInterfaces: Sendable {
    let store: Store

    package func callAsFunction(_ id: NetworkID, filter: InterfaceFilter, page: Page, by caller: Caller) async throws -> PageOf<Gateway> {
        fatalError()
    }
}
