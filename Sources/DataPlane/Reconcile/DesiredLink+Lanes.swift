import NetAddress
import WireGuardEngine

/// A link as the interfaces and peers that it consists of: one of each for a lane, under ids that follow from the
/// link's. They are reconciled as all others are.
extension DesiredLink {
    /// What of a desired gateway or peer tells that it is a lane.
    struct LaneID: Hashable {
        let link: DesiredLink.ID
        let number: Int
    }

    func laneGateway(_ number: Int) -> DesiredGateway {
        let lane = lanes[number]
        return DesiredGateway(
            id: Self.laneGatewayID(number, of: id),
            networkID: networkID,
            configuration: GatewayConfiguration(
                privateKey: lane.privateKey,
                addresses: addresses,
                mtu: mtu,
                lane: number
            ),
            egress: egress,
            listen: lane.listen
        )
    }

    func lanePeer(_ number: Int) -> DesiredPeer {
        let lane = lanes[number]
        return DesiredPeer(
            id: Self.lanePeerID(number, of: id),
            gatewayID: Self.laneGatewayID(number, of: id),
            configuration: PeerConfiguration(
                publicKey: lane.remoteKey,
                presharedKey: lane.presharedKey,
                endpoint: lane.endpoint,
                probe: probePath
            ),
            prefixes: []
        )
    }

    /// All that leads to the link's other gateway.
    var routedPrefixes: [IPPrefix] { subnets + prefixes }

    static func laneGatewayID(_ number: Int, of id: ID) -> DesiredGateway.ID {
        DesiredGateway.ID(id, lane: number)
    }

    static func lanePeerID(_ number: Int, of id: ID) -> DesiredPeer.ID {
        DesiredPeer.ID(id, lane: number)
    }

    private var probePath: ProbePath? {
        guard let remoteAddress else { return nil }
        for own in addresses {
            guard case .v4(let address) = own.address else { continue }
            return ProbePath(source: address, destination: remoteAddress)
        }
        return nil
    }
}

extension DesiredChange {
    /// With changes of links as those of their lanes, each followed by the link itself, and without those that
    /// a later one of the same link makes void.
    static func expanded(
        _ changes: [DesiredChange],
        lanesOf carried: (DesiredLink.ID) -> Int
    ) -> [DesiredChange] {
        var last: [DesiredLink.ID: Int] = [:]
        for (index, change) in changes.enumerated() {
            switch change {
            case .link(let link): last[link.id] = index
            case .noLink(let id): last[id] = index
            case .gateway, .noGateway, .peer, .noPeer: break
            }
        }
        guard !last.isEmpty else { return changes }
        return changes.enumerated().flatMap { index, change -> [DesiredChange] in
            switch change {
            case .link(let link):
                guard last[link.id] == index else { return [] }
                let gone = link.lanes.count..<max(carried(link.id), link.lanes.count)
                return removals(of: gone, of: link.id)
                    + link.lanes.indices.flatMap { number -> [DesiredChange] in
                        [.gateway(link.laneGateway(number)), .peer(link.lanePeer(number))]
                    } + [change]
            case .noLink(let id):
                guard last[id] == index else { return [] }
                return removals(of: 0..<carried(id), of: id) + [change]
            case .gateway, .noGateway, .peer, .noPeer:
                return [change]
            }
        }
    }

    private static func removals(of lanes: Range<Int>, of id: DesiredLink.ID) -> [DesiredChange] {
        lanes.map { .noGateway(DesiredLink.laneGatewayID($0, of: id)) }
    }
}
