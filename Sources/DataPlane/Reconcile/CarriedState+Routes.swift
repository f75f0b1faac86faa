import NetAddress
import WireGuardEngine

/// The networks of what is carried, and who claims what in them.
extension CarriedState {
    mutating func join(_ id: DesiredGateway.ID, _ networkID: DesiredNetwork.ID) {
        if networks[networkID] == nil {
            networks[networkID] = CarriedNetwork(placement: nextPlacement)
            nextPlacement &+= 1
        }
        networks[networkID]?.gateways.append(id)
    }

    mutating func leave(_ id: DesiredGateway.ID, _ networkID: DesiredNetwork.ID) {
        networks[networkID]?.gateways.removeAll { $0 == id }
        if networks[networkID]?.gateways.isEmpty == true { networks[networkID] = nil }
    }

    mutating func claim(_ peer: CarriedPeer, in networkID: DesiredNetwork.ID) {
        for prefix in peer.desired.prefixes { add(peer.claim, to: prefix, in: networkID) }
    }

    mutating func renounce(_ peer: CarriedPeer, in networkID: DesiredNetwork.ID) {
        for prefix in peer.desired.prefixes {
            networks[networkID]?.routes.remove(.peer(peer.handle), from: prefix)
        }
    }

    /// Those of a lane are its gateway's.
    mutating func claimAddresses(of gateway: DesiredGateway, _ handle: GatewayHandle) {
        guard gateway.configuration.lane == nil else { return }
        let claim = NetworkRoutes.Claim(
            destination: .gateway(handle),
            rank: .gateway(gateway.id)
        )
        for address in gateway.configuration.addresses {
            add(claim, to: IPPrefix(address.address), in: gateway.networkID)
        }
    }

    mutating func renounceAddresses(of gateway: DesiredGateway, _ handle: GatewayHandle) {
        for address in gateway.configuration.addresses {
            networks[gateway.networkID]?.routes
                .remove(.gateway(handle), from: IPPrefix(address.address))
        }
    }

    mutating func add(
        _ claim: NetworkRoutes.Claim,
        to prefix: IPPrefix,
        in networkID: DesiredNetwork.ID
    ) {
        let (peers, openGateways) = (peers, openGateways)
        let links = networks[networkID]?.links.byIndex ?? [:]
        networks[networkID]?.routes.add(claim, to: prefix) { destination in
            switch destination {
            case .peer(let handle):
                peers[Int(handle.slot)].map { .peer($0.desired.id) } ?? claim.rank
            case .gateway(let handle):
                openGateways[handle].map { .gateway($0) } ?? claim.rank
            case .link(let index):
                links[index].map { .link($0) } ?? claim.rank
            }
        }
    }
}
