package import GatewayDomain
import GatewayStore

package struct DeleteNetwork: Sendable {
    let store: Store

    package func callAsFunction(_ id: NetworkID, by caller: Caller) async throws -> Network {
        fatalError()
    }
}
