package import GatewayDomain
import GatewayStore

package struct RenderPeerConfig: Sendable {
    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey

    package func callAsFunction(_ id: PeerID, fullTunnel: Bool, by caller: Caller) async throws -> String {
        fatalError()
    }
}
