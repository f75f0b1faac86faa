import NetAddress
import WireGuardEngine

/// The links of what is carried. Their lanes are gateways and peers as all others are; what is here is what leads to
/// them.
extension CarriedState {
    /// After its lanes.
    mutating func put(_ desired: DesiredLink, _ edits: inout Edits) {
        if let present = links[desired.id] {
            if present.desired.networkID == desired.networkID {
                links[desired.id]?.desired = desired
                edits.touch(desired.networkID)
                guard present.desired.routedPrefixes != desired.routedPrefixes else { return }
                renounce(present)
                claim(CarriedLink(desired: desired, index: present.index, choice: present.choice))
                return
            }
            take(present, &edits)
        }
        guard let index = networks[desired.networkID]?.links.add(desired.id) else { return }
        let link = CarriedLink(desired: desired, index: index, choice: PathChoice())
        links[desired.id] = link
        edits.touch(desired.networkID)
        claim(link)
    }

    mutating func remove(_ id: DesiredLink.ID, _ edits: inout Edits) {
        if let link = links[id] { take(link, &edits) }
    }

    /// Makes the packets of a link take this path. False for a link that is not desired, and for a detour by one that
    /// is not of the same network.
    func take(_ path: LinkPath, for id: DesiredLink.ID) -> Bool {
        guard let link = links[id] else { return false }
        switch path {
        case .direct(let lanes):
            let numbers = lanes.filter { (0..<DesiredLink.mostLanes).contains($0) }
            link.choice.take(.direct(lanes: numbers.reduce(0) { $0 | 1 << UInt32($1) }))
        case .detour(let other):
            guard other != id, let around = links[other],
                around.desired.networkID == link.desired.networkID
            else { return false }
            link.choice.take(.detour(group: Int(around.index)))
        case .unreachable:
            link.choice.take(.unreachable)
        }
        return true
    }

    /// By their indexes, as far as the network's links go.
    func groups(of networkID: DesiredNetwork.ID) -> [GroupContent?] {
        guard let byIndex = networks[networkID]?.links.byIndex, let last = byIndex.keys.max() else {
            return []
        }
        var remotes: [DesiredNode.ID: UInt32] = [:]
        return (0...last).map { index in
            guard let id = byIndex[index], let link = links[id] else { return nil }
            let remote = remotes[link.desired.remoteNodeID] ?? index
            remotes[link.desired.remoteNodeID] = remote
            return GroupContent(
                id: id,
                remote: remote,
                lanes: link.desired.lanes.indices.map {
                    lane(DesiredLink.LaneID(link: id, number: $0))
                }
            )
        }
    }

    /// The subnets of gateways on other nodes.
    func linkedSubnets(of networkID: DesiredNetwork.ID) -> [IPPrefix] {
        guard let byIndex = networks[networkID]?.links.byIndex else { return [] }
        return byIndex.keys.sorted().flatMap { index in
            byIndex[index].flatMap { links[$0] }?.desired.subnets ?? []
        }
    }

    /// What gateways of this node reach through others, by the gateways.
    func waysOutOverLinks(of networkID: DesiredNetwork.ID) -> [DesiredGateway.ID:
        EgressConfiguration]
    {
        var found: [DesiredGateway.ID: EgressConfiguration] = [:]
        for (index, id) in (networks[networkID]?.links.byIndex ?? [:]).sorted(by: {
            $0.key < $1.key
        }) {
            guard let wayOut = links[id]?.desired.wayOut else { continue }
            var more = EgressConfiguration(
                subnet: wayOut.subnet,
                distant: wayOut.services.map { DistantPermission($0, over: index) }
            )
            if wayOut.internet { (more.distantInternet, more.excluded) = (index, wayOut.excluded) }
            let known = EgressConfiguration(subnet: wayOut.subnet, distant: [])
            found[wayOut.gatewayID, default: known].add(more)
        }
        return found
    }

    /// Nil for a gateway with peers.
    func laneID(of id: DesiredGateway.ID) -> DesiredLink.LaneID? {
        guard let number = gateways[id]?.desired.configuration.lane else { return nil }
        return DesiredLink.LaneID(link: DesiredLink.ID(ofLane: id), number: number)
    }

    /// Nil while it is not open.
    private func lane(_ lane: DesiredLink.LaneID) -> NextHopGroup.Lane? {
        let gateway = DesiredLink.laneGatewayID(lane.number, of: lane.link)
        let peer = DesiredLink.lanePeerID(lane.number, of: lane.link)
        guard let listening = gateways[gateway]?.listening, let carried = carried(peer) else {
            return nil
        }
        return NextHopGroup.Lane(gateway: listening.handle, peer: carried.handle)
    }

    private mutating func take(_ link: CarriedLink, _ edits: inout Edits) {
        renounce(link)
        let networkID = link.desired.networkID
        edits.touch(networkID)
        networks[networkID]?.links.remove(link.index, of: link.desired.id)
        links[link.desired.id] = nil
        // Its index may be another link's next.
        for other in links.values
        where other.desired.networkID == networkID
            && other.choice.path == .detour(group: Int(link.index))
        {
            other.choice.take(.unreachable)
        }
    }

    private mutating func claim(_ link: CarriedLink) {
        for prefix in link.desired.routedPrefixes {
            add(
                NetworkRoutes.Claim(destination: .link(link.index), rank: .link(link.desired.id)),
                to: prefix,
                in: link.desired.networkID
            )
        }
    }

    private mutating func renounce(_ link: CarriedLink) {
        // A network that ended with its gateways and came again knows nothing of the link.
        guard networks[link.desired.networkID]?.links.byIndex[link.index] == link.desired.id else {
            return
        }
        for prefix in link.desired.routedPrefixes {
            networks[link.desired.networkID]?.routes.remove(.link(link.index), from: prefix)
        }
    }
}

extension EgressConfiguration {
    /// What the same gateway reaches over links.
    mutating func add(_ overLinks: EgressConfiguration) {
        distant += overLinks.distant
        distantInternet = distantInternet ?? overLinks.distantInternet
        excluded += overLinks.excluded.filter { !excluded.contains($0) }
    }
}
