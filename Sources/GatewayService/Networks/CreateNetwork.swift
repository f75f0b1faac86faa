package import GatewayDomain
import GatewayStore

package struct CreateNetwork: Sendable {
    let store: Store
    let limits: OrganizationLimits
    let now: WallClock

    package func callAsFunction(_ request: NewNetwork, by caller: Caller) async throws -> Network {
        fatalError()
    }
}
