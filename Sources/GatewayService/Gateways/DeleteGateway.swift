package import GatewayDomain
import GatewayStore

package struct DeleteGateway: Sendable {
    let store: Store
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(_ id: GatewayID, by caller: Caller) async throws -> Gateway {
        fatalError()
    }
}
