package import GatewayDomain
import GatewayStore

package struct CreatePeer: Sendable {
    let store: Store
    let limits: OrganizationLimits
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(_ request: NewPeer, by caller: Caller) async throws -> CreatedPeer {
        fatalError()
    }
}
