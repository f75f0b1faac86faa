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

    mutating func remove(_ prefix: IPPrefix, in network: NetworkID) {
        // Of a removal and an insertion of one prefix in one batch, the later one counts.
        byNetwork[network]?.inserted.removeAll { $0.prefix == prefix }
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
        insert(IPPrefix(.v4(peer.provision.address)), .peer(peer.handle), in: network)
    }

    mutating func uninstall(_ peer: NodeState.CarriedPeer, in network: NetworkID) {
        remove(IPPrefix(.v4(peer.provision.address)), in: network)
        byNetwork[network, default: Edit()].uninstalled.append(peer.handle)
    }
}
