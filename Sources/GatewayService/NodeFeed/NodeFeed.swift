import GatewayDomain
import GatewayStore

package struct NodeFeed: Sendable {
    let store: Store
    let masterKey: MasterKey
    let now: WallClock

    package func snapshot() async throws -> NodeSnapshot { fatalError() }
    package func changes(after revision: Int64) async throws -> NodeChanges? { fatalError() }
    package func report(gateways: [GatewayReport]) async throws { fatalError() }
    package func report(peers: [PeerReport]) async throws { fatalError() }
}
