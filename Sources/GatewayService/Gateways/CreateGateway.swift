package import GatewayDomain
import GatewayStore

package struct CreateGateway: Sendable {
    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(_ request: NewGateway, by caller: Caller) async throws -> Gateway {
        fatalError()
    }
}
