package import GatewayDomain
import GatewayStore

package struct RenameNetwork: Sendable {
    let store: Store
    let now: WallClock

    package func callAsFunction(_ id: NetworkID, _ change: NetworkChange, by caller: Caller) async throws -> Network {
        fatalError()
    }
}
