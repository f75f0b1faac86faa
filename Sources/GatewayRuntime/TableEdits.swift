import DataPlane
import GatewayDomain
import GatewayService
import NetAddress
import WireGuardEngine

/// The edits of peers and forwarding table that a batch of changes makes, by network.
struct TableEdits {
    struct Edit {
        var installed: [DataPlaneChange] = []
        var uninstalled: [PeerHandle] = []
        var inserted: [(prefix: IPPrefix, destination: Destination)] = []
        var removed: [IPPrefix] = []
    }

    private(set) var byNetwork: [NetworkID: Edit] = [:]

    mutating func insert(_ prefix: IPPrefix, _ destination: Destination, in network: NetworkID) {
        byNetwork[network, default: Edit()].inserted.append((prefix, destination))
    }

    /// Ends a route to `destination`. Another one to the same prefix stays: where a prefix passes from one
    /// peer to another in one batch, either peer may come first.
    mutating func remove(
        _ prefix: IPPrefix,
        to destination: Destination,
        in network: NetworkID
    ) {
        byNetwork[network]?.inserted.removeAll {
            $0.prefix == prefix && $0.destination == destination
        }
        byNetwork[network, default: Edit()].removed.append(prefix)
    }

    mutating func install(
        _ peer: NodeState.CarriedPeer,
        on gateway: GatewayHandle,
        in network: NetworkID
    ) {
        let configuration = PeerConfiguration(
            publicKey: peer.provision.publicKey,
            presharedKey: peer.provision.presharedKey,
            endpoint: peer.provision.lastEndpoint
        )
        byNetwork[network, default: Edit()].installed.append(
            .installPeer(peer.handle, on: gateway, configuration)
        )
        for prefix in peer.provision.prefixes { insert(prefix, .peer(peer.handle), in: network) }
    }

    mutating func uninstall(_ peer: NodeState.CarriedPeer, in network: NetworkID) {
        for prefix in peer.provision.prefixes {
            remove(prefix, to: .peer(peer.handle), in: network)
        }
        byNetwork[network, default: Edit()].uninstalled.append(peer.handle)
    }
}

extension PeerProvision {
    /// What is routed to the peer.
    var prefixes: [IPPrefix] { [IPPrefix(.v4(address))] + allowedIPs }
}
