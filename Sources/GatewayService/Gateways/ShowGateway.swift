package import GatewayDomain
import GatewayStore

package struct ShowGateway: Sendable {
    let store: Store

    package func callAsFunction(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        fatalError()
    }
}
