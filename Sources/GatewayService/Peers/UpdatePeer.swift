package import GatewayDomain
import GatewayStore

package struct UpdatePeer: Sendable {
    let store: Store
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(_ id: PeerID, _ change: PeerChange, by caller: Caller) async throws -> CreatedPeer {
        fatalError()
    }
}
