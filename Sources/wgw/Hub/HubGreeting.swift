import CommandLineProgram
import Foundation
import WireGuardCrypto

/// What the operator reads when the hub is up.
struct HubGreeting {
    let settings: HubSettings
    let name: String
    let publicKey: PublicKey
    let peers: Int
    /// The port that the socket has; the config file may leave the choice to the system.
    let port: UInt16

    var text: String {
        """
        wgw \(ProgramVersion.current.number)

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
