import Foundation
import WireGuardCrypto

/// What the operator reads when the hub is up.
struct HubGreeting {
    let settings: HubSettings
    let name: String
    let publicKey: PublicKey
    let peers: Int
    /// The port that is really listened on.
    let port: UInt16

    var text: String {
        """
        wgw \(WGW.version)

          Hub         \(name), UDP port \(port)
          Public key  \(publicKey)
          Peers       \(peers)
          Workers     \(settings.workers)\(settings.isPinning ? ", pinned" : "")

        wgw show shows the peers, kill -HUP \(ProcessInfo.processInfo.processIdentifier) reads \
        \(settings.path) again. Ctrl-C stops the hub.
        wgw is ready

        """
    }
}
