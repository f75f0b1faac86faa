import DataPlane
import GatewayDomain
import GatewayService
import NetAddress
import WireGuardEngine

/// What this node should carry and what it does carry, and how to get from one to the other: a
/// pure function of the feed's changes and of what came of the steps. Safe to run twice.
struct NodeState {
    /// One thing to do to the data plane.
    enum Step {
        case openGateway(GatewayID, GatewayHandle, GatewayProvision, placement: UInt32)
        case closeGateway(GatewayHandle, placement: UInt32)
        case change([DataPlaneChange], placement: UInt32)
    }

    /// What a batch of changes comes to.
    struct Plan {
        var steps: [Step] = []
        /// Peers that are installed with this handle from now on.
        var arrived: [(handle: PeerHandle, id: PeerID, gateway: GatewayID)] = []
        var departed: [PeerHandle] = []
        /// Open gateways that have another name.
        var renamed: [(handle: GatewayHandle, name: String?)] = []
        /// Gateways whose standing may have changed, though no step concerns them.
        var restated: Set<GatewayID> = []
    }

    struct CarriedPeer {
        let handle: PeerHandle
        var provision: PeerProvision
    }

    private struct CarriedGateway {
        let handle: GatewayHandle
        var provision: GatewayProvision
        /// Its socket is open; only then are its peers and routes in the data plane.
        var isOpen = false
    }

    private struct CarriedNetwork {
        /// All gateways of a network have one owner, so that they share a table of routes.
        let placement: UInt32
        var gateways: [GatewayID] = []
        var table = ForwardingTable()
    }

    private var gateways: [GatewayID: CarriedGateway] = [:]
    private var peers: [PeerID: CarriedPeer] = [:]
    /// Not a member of `CarriedGateway`: a copy of a gateway must not copy a set of many peers.
    private var peersOfGateway: [GatewayID: Set<PeerID>] = [:]
    private var networks: [NetworkID: CarriedNetwork] = [:]
    /// What is stored and cannot be carried, and why.
    private var gatewaysLeftOut: [GatewayID: String] = [:]
    private var peersLeftOut: [GatewayID: [PeerID: String]] = [:]
    private var gatewayHandles = HandleAllocator()
    private var peerHandles = HandleAllocator()
    private var nextPlacement: UInt32 = 0
    /// Slots of what the last plan removes. They are released when the next plan is made, as the steps
    /// are done by then.
    private var departingGateways: [UInt32] = []
    private var departingPeers: [UInt32] = []

    /// Gateways that could not be opened so far, in a stable order.
    var unopened: [GatewayID] {
        gateways.values
            .filter { !$0.isOpen }
            .sorted { $0.handle.slot < $1.handle.slot }
            .map(\.provision.id)
    }

    /// Nil for a gateway that is gone.
    func openStep(of id: GatewayID) -> Step? { gateways[id].map(openStep) }

    func isUnopened(_ id: GatewayID) -> Bool { gateways[id]?.isOpen == false }

    /// How a gateway stands. Nil for one that is to be opened: that depends on its sockets.
    func standing(of id: GatewayID) -> GatewayStanding? {
        if let gateway = gateways[id] {
            return gateway.isOpen ? standingWhenOpen(id) : nil
        }
        return gatewaysLeftOut[id].map { GatewayStanding(status: .provisioning, reason: $0) }
    }

    private func standingWhenOpen(_ id: GatewayID) -> GatewayStanding {
        // The smallest id, so that the reason stays the same.
        let first = peersLeftOut[id]?.min { $0.key < $1.key }
        let others = (peersLeftOut[id]?.count ?? 0) - 1
        return GatewayStanding(
            status: .provisioned,
            reason: first.map { others > 0 ? "\($0.value) (and \(others) more)" : $0.value }
        )
    }

    /// The peers of an open gateway that may be called: those that were heard at or after a moment, and
    /// those that have only been heard by the server whose place the gateway takes.
    func callable(
        of id: GatewayID,
        heardSince moment: Timestamp
    ) -> (peers: [PeerHandle], placement: UInt32)? {
        guard let gateway = gateways[id], gateway.isOpen,
            let network = networks[gateway.provision.networkID]
        else { return nil }
        let found = (peersOfGateway[id] ?? []).compactMap { peers[$0] }.filter { peer in
            guard peer.provision.lastEndpoint != nil else { return false }
            return peer.provision.lastSeen.map { $0 >= moment } ?? true
        }
        return found.isEmpty ? nil : (found.map(\.handle), network.placement)
    }

    /// Applies changes and returns what to do to the data plane. The steps of the plan before must be
    /// done. Peers of a gateway that is not open yet wait for `opened`.
    mutating func apply(_ changes: [NodeChange]) -> Plan {
        releaseDeparted()
        var plan = Plan()
        var edits = TableEdits()
        for change in changes {
            switch change {
            case .gatewayPut(let provision): put(provision, &plan)
            case .gatewayDeleted(let id):
                gatewaysLeftOut[id] = nil
                peersLeftOut[id] = nil
                plan.restated.insert(id)
                deleteGateway(id, &edits, &plan)
            case .peerPut(let provision): put(provision, &edits, &plan)
            case .peerDeleted(let id):
                admit(id, &plan)
                deletePeer(id, &edits, &plan)
            case .gatewayLeftOut(let id, let reason):
                // What is carried already needs nothing of its row.
                guard gateways[id] == nil else { continue }
                gatewaysLeftOut[id] = reason
                plan.restated.insert(id)
            case .peerLeftOut(let id, let gatewayID, let reason):
                // Its keys may be others than before.
                deletePeer(id, &edits, &plan)
                guard let gatewayID else { continue }
                peersLeftOut[gatewayID, default: [:]][id] = reason
                plan.restated.insert(gatewayID)
            }
        }
        plan.steps = compile(edits) + plan.steps
        return plan
    }

    /// A snapshot instead of changes: what is not in it was deleted.
    mutating func apply(_ snapshot: NodeSnapshot) -> Plan {
        var knownGateways = Set(snapshot.gateways.map(\.id))
        let knownPeers = Set(snapshot.peers.map(\.id))
        for case .gatewayLeftOut(let id, _) in snapshot.leftOut { knownGateways.insert(id) }
        let leftOutBefore = Set(peersLeftOut.keys).union(gatewaysLeftOut.keys)
        gatewaysLeftOut = [:]
        peersLeftOut = [:]
        var changes: [NodeChange] = []
        changes += peers.keys.filter { !knownPeers.contains($0) }.map { .peerDeleted($0) }
        changes += gateways.keys.filter { !knownGateways.contains($0) }.map { .gatewayDeleted($0) }
        changes += snapshot.gateways.map { .gatewayPut($0) }
        changes += snapshot.peers.map { .peerPut($0) }
        changes += snapshot.leftOut
        var plan = apply(changes)
        plan.restated.formUnion(leftOutBefore)
        return plan
    }

    /// The gateway's socket is open: its peers and routes follow.
    mutating func opened(_ id: GatewayID) -> [Step] {
        guard var gateway = gateways[id], !gateway.isOpen else { return [] }
        gateway.isOpen = true
        gateways[id] = gateway
        var edits = TableEdits()
        let own = IPPrefix(gateway.provision.serverAddress.address)
        edits.insert(own, .gateway(gateway.handle), in: gateway.provision.networkID)
        for peerID in peersOfGateway[id] ?? [] {
            guard let peer = peers[peerID] else { continue }
            edits.install(peer, on: gateway.handle, in: gateway.provision.networkID)
        }
        return compile(edits)
    }

    private mutating func put(_ provision: GatewayProvision, _ plan: inout Plan) {
        if let carried = gateways[provision.id] {
            return reconfigure(carried, as: provision, &plan)
        }
        gatewaysLeftOut[provision.id] = nil
        let (slot, generation) = gatewayHandles.allocate()
        let gateway = CarriedGateway(
            handle: GatewayHandle(slot: slot, generation: generation),
            provision: provision
        )
        gateways[provision.id] = gateway
        if networks[provision.networkID] == nil {
            networks[provision.networkID] = CarriedNetwork(placement: nextPlacement)
            nextPlacement &+= 1
        }
        networks[provision.networkID]?.gateways.append(provision.id)
        plan.steps.append(openStep(gateway))
    }

    /// Keys, port and subnet of a gateway are fixed at its creation. One that is not open yet is opened
    /// as it is now.
    private mutating func reconfigure(
        _ carried: CarriedGateway,
        as provision: GatewayProvision,
        _ plan: inout Plan
    ) {
        gateways[provision.id]?.provision = provision
        guard carried.isOpen else { return }
        if carried.provision.name != provision.name {
            plan.renamed.append((carried.handle, provision.name))
        }
        guard carried.provision.mtu != provision.mtu,
            let network = networks[provision.networkID]
        else { return }
        let change = DataPlaneChange.reconfigureGateway(
            carried.handle,
            addresses: [provision.serverAddress],
            mtu: provision.mtu
        )
        plan.steps.append(.change([change], placement: network.placement))
    }

    private mutating func deleteGateway(
        _ id: GatewayID,
        _ edits: inout TableEdits,
        _ plan: inout Plan
    ) {
        guard let gateway = gateways[id] else { return }
        for peer in peersOfGateway.removeValue(forKey: id) ?? [] {
            deletePeer(peer, &edits, &plan)
        }
        let networkID = gateway.provision.networkID
        guard let placement = networks[networkID]?.placement else { return }
        let own = IPPrefix(gateway.provision.serverAddress.address)
        edits.remove(own, to: .gateway(gateway.handle), in: networkID)
        gateways[id] = nil
        departingGateways.append(gateway.handle.slot)
        networks[networkID]?.gateways.removeAll { $0 == id }
        if networks[networkID]?.gateways.isEmpty == true { networks[networkID] = nil }
        guard gateway.isOpen else { return }
        plan.steps.append(.closeGateway(gateway.handle, placement: placement))
    }

    /// The peer is not left out any longer: it was deleted, or can be carried from now on.
    private mutating func admit(_ id: PeerID, _ plan: inout Plan) {
        for (gatewayID, peers) in peersLeftOut where peers[id] != nil {
            peersLeftOut[gatewayID]?[id] = nil
            if peersLeftOut[gatewayID]?.isEmpty == true { peersLeftOut[gatewayID] = nil }
            plan.restated.insert(gatewayID)
        }
    }

    private mutating func put(
        _ provision: PeerProvision,
        _ edits: inout TableEdits,
        _ plan: inout Plan
    ) {
        admit(provision.id, &plan)
        guard let gateway = gateways[provision.gatewayID] else { return }
        let networkID = gateway.provision.networkID
        var peer: CarriedPeer
        if let known = peers[provision.id] {
            peer = known
            for prefix in Set(known.provision.prefixes).subtracting(provision.prefixes) {
                edits.remove(prefix, to: .peer(known.handle), in: networkID)
            }
            peer.provision = provision
        } else {
            let (slot, generation) = peerHandles.allocate()
            peer = CarriedPeer(
                handle: PeerHandle(slot: slot, generation: generation),
                provision: provision
            )
            plan.arrived.append((peer.handle, provision.id, provision.gatewayID))
        }
        peers[provision.id] = peer
        peersOfGateway[provision.gatewayID, default: []].insert(provision.id)
        if gateway.isOpen { edits.install(peer, on: gateway.handle, in: networkID) }
    }

    private mutating func deletePeer(
        _ id: PeerID,
        _ edits: inout TableEdits,
        _ plan: inout Plan
    ) {
        guard let peer = peers.removeValue(forKey: id) else { return }
        plan.departed.append(peer.handle)
        departingPeers.append(peer.handle.slot)
        let gatewayID = peer.provision.gatewayID
        guard let gateway = gateways[gatewayID] else { return }
        peersOfGateway[gatewayID]?.remove(id)
        guard gateway.isOpen else { return }
        edits.uninstall(peer, in: gateway.provision.networkID)
    }

    private mutating func releaseDeparted() {
        for slot in departingGateways { gatewayHandles.release(slot: slot) }
        for slot in departingPeers { peerHandles.release(slot: slot) }
        departingGateways.removeAll()
        departingPeers.removeAll()
    }

    private func openStep(_ gateway: CarriedGateway) -> Step {
        .openGateway(
            gateway.provision.id,
            gateway.handle,
            gateway.provision,
            placement: networks[gateway.provision.networkID]?.placement ?? 0
        )
    }

    /// One step per network: remove first, so that slots are free; then install; then the table,
    /// which names only peers that are there.
    private mutating func compile(_ edits: TableEdits) -> [Step] {
        edits.byNetwork.compactMap { networkID, edit in
            guard let network = networks[networkID] else { return nil }
            let table = network.table.changing(removed: edit.removed, inserted: edit.inserted)
            networks[networkID]?.table = table
            let open = network.gateways.compactMap { gateways[$0] }.filter(\.isOpen).map(\.handle)
            return .change(
                edit.uninstalled.map { .removePeer($0) } + edit.installed
                    + [.publish(table, to: open)],
                placement: network.placement
            )
        }
    }
}
