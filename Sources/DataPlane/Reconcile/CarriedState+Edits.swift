import NetAddress
import WireGuardEngine

/// What a batch of changes comes to.
extension CarriedState {
    /// What a batch of changes comes to, by network.
    struct Edits {
        struct Edit {
            var removed: [PeerHandle] = []
            var changes: [DataPlaneChange] = []
            /// A gateway needs the table, though it may be the same.
            var isRepublished = false
        }

        private(set) var byNetwork: [DesiredNetwork.ID: Edit] = [:]

        /// Its routes may be others.
        mutating func touch(_ network: DesiredNetwork.ID) {
            if byNetwork[network] == nil { byNetwork[network] = Edit() }
        }

        mutating func republish(_ network: DesiredNetwork.ID) {
            byNetwork[network, default: Edit()].isRepublished = true
        }

        mutating func add(_ changes: [DataPlaneChange], in network: DesiredNetwork.ID) {
            byNetwork[network, default: Edit()].changes += changes
        }

        mutating func remove(_ peer: PeerHandle, in network: DesiredNetwork.ID) {
            byNetwork[network, default: Edit()].removed.append(peer)
        }
    }

    /// One step per network: remove first, so that keys and slots are free; then what is new; then the
    /// table, which names only peers that are there.
    mutating func compile(_ edits: Edits) -> [Step] {
        edits.byNetwork.compactMap { networkID, edit in
            guard let placement = networks[networkID]?.placement else { return nil }
            let open = (networks[networkID]?.gateways ?? []).compactMap { gateways[$0] }
                .filter { $0.listening != nil }
            let groups = groups(of: networkID)
            let (blocks, egress) = waysOut(of: open, in: networkID)
            let hasOtherRoutes = networks[networkID]?.routes.commit() == true
            let hasOtherEgress =
                networks[networkID]?.routes.replace(blocks: blocks, egress: egress) == true
            let links = links
            let hasOtherGroups =
                networks[networkID]?.routes
                .replace(groups: groups) { links[$0]?.choice ?? PathChoice() } == true
            var changes = edit.removed.map { DataPlaneChange.removePeer($0) }
            changes += edit.changes.filter { isDue($0) }
            let isPublished =
                edit.isRepublished || hasOtherRoutes || hasOtherEgress || hasOtherGroups
            if let view = networks[networkID]?.routes.view, isPublished, !open.isEmpty {
                changes.append(.publish(view, to: open.compactMap(\.listening?.handle)))
            }
            return changes.isEmpty ? nil : .apply(changes, placement: placement)
        }
    }

    /// Not of a change to a peer or gateway that a later one of its batch removes or replaces.
    private func isDue(_ change: DataPlaneChange) -> Bool {
        switch change {
        case .installPeer(let peer, let gateway, _, _):
            self.peer(of: peer) != nil && openGateways[gateway] != nil
        case .relocatePeer(let peer, _), .removePeer(let peer), .initiateHandshake(let peer):
            self.peer(of: peer) != nil
        case .reconfigureGateway(let gateway, _, _): openGateways[gateway] != nil
        case .publish: true
        }
    }

    /// A network without a way out needs no blocks: they only end what leaves.
    private func waysOut(
        of open: [CarriedGateway],
        in networkID: DesiredNetwork.ID
    ) -> (blocks: [IPPrefix], egress: [NetworkRoutes.Egress]) {
        let distant = waysOutOverLinks(of: networkID)
        let egress = open.compactMap { gateway -> NetworkRoutes.Egress? in
            guard let handle = gateway.listening?.handle else { return nil }
            let overLinks = distant[gateway.desired.id]
            var own = gateway.desired.egress
            if let overLinks { own?.add(overLinks) }
            return (own ?? overLinks).map {
                NetworkRoutes.Egress(gateway: handle, configuration: $0)
            }
        }
        guard !egress.isEmpty else { return ([], []) }
        let own = open.filter { $0.desired.configuration.lane == nil }
            .flatMap(\.desired.configuration.addresses).map(\.prefix)
        return (own + linkedSubnets(of: networkID), egress)
    }
}
