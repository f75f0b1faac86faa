package import GatewayDomain
import GatewayStore

package struct ShowPeer: Sendable {
    let store: Store

    package func callAsFunction(_ id: PeerID, by caller: Caller) async throws -> Peer {
        fatalError()
    }
}
