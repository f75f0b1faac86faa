import DataPlane
package import NetAddress
package import SystemIO
package import WireGuardCrypto
import WireGuardEngine

/// Whose packets a hub carries.
package enum HubRole: Sendable {
    /// The peers reach each other.
    case router
    /// This machine reaches the peers, through the device. Where they are at the start is known already: their
    /// names may be found through the tunnel only. Where they are later is told before packets are sent there, if
    /// a name says so, and within seconds, if their packets come from another place.
    case client(
        TUNDevice,
        startingAt: [PublicKey: Endpoint],
        following: @Sendable ([IPAddress]) -> Void
    )

    var localDelivery: GatewayConfiguration.LocalDelivery {
        switch self {
        case .router: .router
        case .client: .interface
        }
    }

    /// Peers of a client are, or are about to be, at these addresses.
    func follow(_ addresses: [IPAddress]) {
        guard case .client(_, _, let following) = self, !addresses.isEmpty else { return }
        following(addresses)
    }

    /// A client's peers as if they had been heard a moment ago, so that they are called. Nil for a
    /// router, which remembers those of an earlier process.
    func starts(with configuration: HubConfiguration?) -> [RememberedPeer]? {
        guard case .client(_, let endpoints, _) = self else { return nil }
        let now = BootClock.moment.wall
        return configuration?.peers.compactMap { peer in
            endpoints[peer.publicKey].map { endpoint in
                RememberedPeer(
                    publicKey: peer.publicKey,
                    configured: peer.configuredEndpoint,
                    heard: HeardPeer(endpoint: endpoint, lastSeen: now)
                )
            }
        }
    }
}
