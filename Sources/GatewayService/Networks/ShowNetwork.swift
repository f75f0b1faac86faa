package import GatewayDomain
import GatewayStore

package struct ShowNetwork: Sendable {
    let store: Store

    package func callAsFunction(_ id: NetworkID, by caller: Caller) async throws -> Network {
        fatalError()
    }
}
