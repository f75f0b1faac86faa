package import GatewayDomain
import GatewayStore

package struct DeletePeer: Sendable {
    let store: Store
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(_ id: PeerID, by caller: Caller) async throws -> Peer {
        fatalError()
    }
}
