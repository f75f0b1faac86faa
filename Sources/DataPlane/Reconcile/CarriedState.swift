import NetAddress
import WireGuardEngine

/// What is desired, what of it is carried and in which places, and how to get from there to a next
/// desired state: pure bookkeeping, whose steps `DataPlane+Reconcile.swift` performs.
///
/// An open gateway's peers are in the engine and its routes in the network's table; one that is not
/// open has neither, and its peers wait.
struct CarriedState {
    /// One thing to do to the workers.
    enum Step {
        case apply([DataPlaneChange], placement: UInt32)
        case close(GatewayHandle, placement: UInt32)
    }

    /// Steps in their order, and what is so when they are done: until then workers charge the peers that are to go.
    struct Plan {
        var steps: [Step] = []
        var freedGateways: [UInt32] = []
        var freedPeers: [UInt32] = []
        var formerPeers: [Accounts.FormerPeer] = []
        var differences = Reconciliation.Differences()
        var recentPeers: [DesiredPeer.ID] = []
    }

    struct CarriedNetwork {
        /// All gateways of a network have one owner, so that they share a table of routes.
        let placement: UInt32
        var gateways: [DesiredGateway.ID] = []
        var routes = NetworkRoutes()
        var links = NetworkLinks()
    }

    var gateways: [DesiredGateway.ID: CarriedGateway] = [:]
    var networks: [DesiredNetwork.ID: CarriedNetwork] = [:]
    var links: [DesiredLink.ID: CarriedLink] = [:]
    /// By slot.
    var peers: [CarriedPeer?] = []
    var slots: [DesiredPeer.ID: UInt32] = [:]
    /// Slots of peers. Not a member of `CarriedGateway`: a copy of a gateway must not copy a set of many
    /// peers.
    var peersOfGateway: [DesiredGateway.ID: Set<UInt32>] = [:]
    var openGateways: [GatewayHandle: DesiredGateway.ID] = [:]
    /// Gateways that are to be opened.
    var unopened: Set<DesiredGateway.ID> = []
    var gatewayHandles = HandleAllocator()
    var peerHandles = HandleAllocator()
    var nextPlacement: UInt32 = 0
    var nextArrival: UInt64 = 0
    var accounts = Accounts()
    /// Those that gateways are of.
    var organizations: [DesiredOrganization.ID: CarriedOrganization] = [:]
    /// How many accounts of gateways and organizations there ever were.
    var countings: UInt64 = 0
}

// What is where

extension CarriedState {
    func peer(of handle: PeerHandle) -> DesiredPeer? {
        guard handle.slot < peers.count, let peer = peers[Int(handle.slot)],
            peer.handle == handle
        else { return nil }
        return peer.desired
    }

    func gateway(of handle: GatewayHandle) -> DesiredGateway.ID? { openGateways[handle] }

    /// Nil for a gateway that is not open.
    func place(of id: DesiredGateway.ID) -> (handle: GatewayHandle, placement: UInt32)? {
        guard let gateway = gateways[id], let listening = gateway.listening,
            let network = networks[gateway.desired.networkID]
        else { return nil }
        return (listening.handle, network.placement)
    }

    /// Nil for a peer of a gateway that is not open.
    func place(of id: DesiredPeer.ID) -> (handle: PeerHandle, placement: UInt32)? {
        guard let peer = carried(id), let gateway = place(of: peer.desired.gatewayID) else {
            return nil
        }
        return (peer.handle, gateway.placement)
    }

    /// How to open a gateway: a handle that nothing has yet, and what is desired. Nil when it is open.
    mutating func opening(of id: DesiredGateway.ID) -> GatewayOpening? {
        guard let gateway = gateways[id], gateway.listening == nil else { return nil }
        return opening(gateway, as: gateway.desired)
    }

    /// The same, for one that is still open elsewhere.
    mutating func opening(
        _ present: CarriedGateway,
        as next: DesiredGateway
    ) -> GatewayOpening? {
        guard let placement = networks[present.desired.networkID]?.placement else { return nil }
        let (slot, generation) = gatewayHandles.allocate()
        var configuration = next.configuration
        configuration.account = present.account
        return GatewayOpening(
            handle: GatewayHandle(slot: slot, generation: generation),
            configuration: configuration,
            listen: present.listen(for: next),
            placement: placement
        )
    }

    /// Gateways that one of the changes makes close and open again, with what they are to be.
    func replaced(by changes: [DesiredChange]) -> [(present: CarriedGateway, next: DesiredGateway)]
    {
        var removed: Set<DesiredGateway.ID> = []
        for case .noGateway(let id) in changes { removed.insert(id) }
        return changes.compactMap { change in
            guard case .gateway(let next) = change, let present = gateways[next.id],
                present.isReplaced(by: next), !removed.contains(next.id)
            else { return nil }
            return (present, next)
        }
    }

    /// Whether the change is of the gateway or of one of its peers.
    func concerns(_ id: DesiredGateway.ID, _ change: DesiredChange) -> Bool {
        switch change {
        case .gateway(let gateway): gateway.id == id
        case .noGateway(let gateway): gateway == id
        case .peer(let peer):
            peer.gatewayID == id || carried(peer.id)?.desired.gatewayID == id
        case .noPeer(let peer): carried(peer)?.desired.gatewayID == id
        case .link, .noLink: false
        }
    }

    /// The changes that lead to a whole state: what is not in it is to go.
    func changes(to state: DesiredState) -> [DesiredChange] {
        let gatewayIDs = Set(state.gateways.map(\.id))
        let peerIDs = Set(state.peers.map(\.id))
        let linkIDs = Set(state.links.map(\.id))
        let goingPeers = slots.keys.filter { id in
            !peerIDs.contains(id)
                && carried(id).flatMap { laneID(of: $0.desired.gatewayID) } == nil
        }
        let goingGateways = gateways.keys.filter {
            !gatewayIDs.contains($0) && laneID(of: $0) == nil
        }
        return links.keys.filter { !linkIDs.contains($0) }.map { .noLink($0) }
            + goingPeers.map { .noPeer($0) } + goingGateways.map { .noGateway($0) }
            + state.gateways.map { .gateway($0) } + state.peers.map { .peer($0) }
            + state.links.map { .link($0) }
    }

    /// Gateways that are to be opened, in the order in which that is tried.
    var unopenedByArrival: [DesiredGateway.ID] {
        unopened.compactMap { gateways[$0] }.sorted { $0.arrival < $1.arrival }.map(\.desired.id)
    }

    func carried(_ id: DesiredPeer.ID) -> CarriedPeer? {
        slots[id].flatMap { peers[Int($0)] }
    }
}
