import DataPlane
import GatewayDomain
import NetAddress
import NodeProtocol
import SystemIO
import WireGuardEngine

/// What this node should carry, as the feed tells it, and how each gateway stands: pure. How to get
/// there from what is carried, the data plane finds out.
struct NodeState {
    private struct KnownGateway {
        var provision: GatewayProvision
        var progress = Progress.waiting
    }

    private enum Progress: Equatable {
        case waiting
        case open
        case failed(reason: String)
    }

    /// Where gateways listen; nil for all addresses of the host.
    private let bindAddress: IPAddress?
    /// What mapped ranges come from.
    private let egressPool: IPv4Prefix?
    private let now: @Sendable () -> Timestamp
    private var gateways: [GatewayID: KnownGateway] = [:]
    private var links: [BackboneLinkID: LinkProvision] = [:]
    /// Those whose gateway was not there when they came.
    private var waitingLinks: Set<BackboneLinkID> = []
    /// Where the names of other nodes lead.
    private var addresses: [HostName: IPAddress] = [:]
    /// What is stored and cannot be carried, and why.
    private var gatewaysLeftOut: [GatewayID: String] = [:]
    private var peersLeftOut: [GatewayID: [PeerID: String]] = [:]
    /// Gateways whose standing may have changed since the last reports.
    private var restated: Set<GatewayID> = []
    /// The standings that were reported last, so that each is reported once and not every second.
    private var told: [GatewayID: GatewayStanding] = [:]

    /// The open gateways and their names.
    private(set) var openGateways: [GatewayID: String?] = [:]
    /// What gateways that lead out of their networks need of the node.
    private(set) var egressDemand: EgressDemand?
    private var isDemandStale = false
    /// Whether the node gives it.
    private var wayOut = WayOut.unneeded

    init(
        bindAddress: IPAddress? = nil,
        egressPool: IPv4Prefix? = nil,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(BootClock.moment.wall) }
    ) {
        self.bindAddress = bindAddress
        self.egressPool = egressPool
        self.now = now
    }

    /// What the data plane is to do for changes of what is stored.
    mutating func take(_ changes: [NodeChange]) -> [DesiredChange] {
        var desired = changes.compactMap { take($0) }
        for id in waitingLinks.sorted() {
            if let link = desiredLink(id) { desired.append(.link(link)) }
        }
        demandEgress()
        return desired
    }

    /// A snapshot instead of changes: what is not in it was deleted.
    mutating func take(_ snapshot: NodeSnapshot) -> DesiredState {
        restated.formUnion(gatewaysLeftOut.keys)
        restated.formUnion(peersLeftOut.keys)
        gatewaysLeftOut = [:]
        peersLeftOut = [:]
        var kept = Set(snapshot.gateways.map(\.id))
        for case .gatewayLeftOut(let id, _) in snapshot.leftOut { kept.insert(id) }
        for id in gateways.keys where !kept.contains(id) { _ = take(.gatewayDeleted(id)) }
        for provision in snapshot.gateways { _ = take(.gatewayPut(provision)) }
        for leftOut in snapshot.leftOut { _ = take(leftOut) }
        links = Dictionary(snapshot.links.map { ($0.id, $0) }) { $1 }
        waitingLinks = []
        isDemandStale = true
        demandEgress()
        return DesiredState(
            gateways: gateways.values.map { desired($0.provision) },
            peers: snapshot.peers.map { DesiredPeer($0, at: now()) },
            links: links.keys.sorted().compactMap { desiredLink($0) }
        )
    }

    private mutating func take(_ change: NodeChange) -> DesiredChange? {
        switch change {
        case .gatewayPut(let provision):
            return put(provision)
        case .gatewayDeleted(let id):
            gateways[id] = nil
            isDemandStale = isDemandStale || egressDemand != nil
            openGateways[id] = nil
            gatewaysLeftOut[id] = nil
            peersLeftOut[id] = nil
            told[id] = nil
            return .noGateway(DesiredID(id))
        case .peerPut(let provision):
            admit(provision.id)
            return .peer(DesiredPeer(provision, at: now()))
        case .peerDeleted(let id):
            admit(id)
            return .noPeer(DesiredID(id))
        case .linkPut(let provision):
            noteWaysOut(of: links.updateValue(provision, forKey: provision.id), provision)
            return desiredLink(provision.id).map { .link($0) } ?? .noLink(DesiredID(provision.id))
        case .linkDeleted(let id):
            return noLink(id)
        case .distantLinkPut(let provision):
            return noLink(provision.id)
        case .gatewayLeftOut(let id, let reason):
            // What is known already needs nothing of its row.
            guard gateways[id] == nil else { return nil }
            gatewaysLeftOut[id] = reason
            restated.insert(id)
            return nil
        case .peerLeftOut(let id, let gatewayID, let reason):
            if let gatewayID {
                peersLeftOut[gatewayID, default: [:]][id] = reason
                restated.insert(gatewayID)
            }
            // Its keys may be others than before.
            return .noPeer(DesiredID(id))
        }
    }

    private mutating func put(_ provision: GatewayProvision) -> DesiredChange {
        let id = provision.id
        gatewaysLeftOut[id] = nil
        if gateways[id] == nil { gateways[id] = KnownGateway(provision: provision) }
        // What is stored may be otherwise than it was told: after a change of the ways out of a gateway the control plane waits to hear
        // of it again.
        if told[id] != nil { told[id] = provision.standing }
        restated.insert(id)
        isDemandStale = isDemandStale || provision.egress != nil || egressDemand != nil
        gateways[id]?.provision = provision
        if openGateways[id] != nil { openGateways[id] = .some(provision.name) }
        return .gateway(desired(provision))
    }

    /// Nil where there is nothing to carry.
    private mutating func desiredLink(_ id: BackboneLinkID) -> DesiredLink? {
        waitingLinks.remove(id)
        guard let link = links[id] else { return nil }
        guard let gateway = gateways[link.gatewayID]?.provision else {
            waitingLinks.insert(id)
            return nil
        }
        return DesiredLink(
            link,
            of: gateway,
            bindAddress: bindAddress,
            addresses: addresses,
            egressPool: wayOut.isOpen ? egressPool : nil
        )
    }

    /// Most changes of links between others concern none that was the node's own.
    private mutating func noLink(_ id: BackboneLinkID) -> DesiredChange? {
        waitingLinks.remove(id)
        guard let link = links.removeValue(forKey: id) else { return nil }
        noteWaysOut(of: link, nil)
        return .noLink(DesiredID(id))
    }

    /// What leaves through this node over the link, or its gateway's standing, may be otherwise.
    private mutating func noteWaysOut(of old: LinkProvision?, _ new: LinkProvision?) {
        isDemandStale = isDemandStale || old?.remoteWayOut != new?.remoteWayOut
        if old?.wayOut != new?.wayOut, let link = new ?? old { restated.insert(link.gatewayID) }
    }

    private func desired(_ provision: GatewayProvision) -> DesiredGateway {
        var desired = DesiredGateway(provision, bindAddress: bindAddress, at: now())
        if wayOut.isOpen, let egressPool {
            desired.egress = EgressConfiguration(provision, pool: egressPool)
        }
        return desired
    }

    /// The peer is not left out any longer: it was deleted, or can be carried from now on.
    private mutating func admit(_ id: PeerID) {
        for (gatewayID, peers) in peersLeftOut where peers[id] != nil {
            peersLeftOut[gatewayID]?[id] = nil
            if peersLeftOut[gatewayID]?.isEmpty == true { peersLeftOut[gatewayID] = nil }
            restated.insert(gatewayID)
        }
    }
}

// Where other nodes are

extension NodeState {
    /// The names by which links find their other nodes.
    var linkNames: Set<HostName> { Set(links.values.flatMap(\.remoteNames)) }

    /// What the data plane is to do where names lead elsewhere.
    mutating func locate(_ found: [HostName: IPAddress]) -> [DesiredChange] {
        guard found != addresses else { return [] }
        let known = addresses
        addresses = found
        return links.values.filter { $0.remoteNames.contains { found[$0] != known[$0] } }
            .map(\.id).sorted().compactMap { desiredLink($0).map { .link($0) } }
    }
}

extension LinkProvision {
    fileprivate var remoteNames: Set<HostName> {
        Set(
            lanes.compactMap { lane in
                if case .name(let name) = lane.remoteEndpoint.host { name } else { nil }
            }
        )
    }
}

// How gateways stand

extension NodeState {
    /// Takes over what the data plane came to.
    mutating func note(_ outcome: Reconciliation) {
        for (id, _) in outcome.opened { note(.open, of: GatewayID(id)) }
        for (id, error) in outcome.unopened {
            note(.failed(reason: "\(error)"), of: GatewayID(id))
        }
    }

    /// The standings that the control plane has not been told yet, in the order of their gateways.
    mutating func takeReports() -> [GatewayReport] {
        defer { restated = [] }
        return restated.sorted().compactMap { id in
            guard let standing = standing(of: id) else {
                if gateways[id] == nil { told[id] = nil }
                return nil
            }
            // What is stored of a gateway that is open needs no report.
            if gateways[id]?.progress == .open, told[id] == nil {
                told[id] = gateways[id]?.provision.standing
            }
            guard told.updateValue(standing, forKey: id) != standing else { return nil }
            return GatewayReport(id: id, standing: standing)
        }
    }

    /// Nil for a gateway that is unknown, or was not tried yet.
    func standing(of id: GatewayID) -> GatewayStanding? {
        guard let gateway = gateways[id] else {
            return gatewaysLeftOut[id].map { GatewayStanding(status: .provisioning, reason: $0) }
        }
        switch gateway.progress {
        case .waiting: return nil
        case .open: return standingWhenOpen(id)
        case .failed(let reason): return GatewayStanding(status: .provisioning, reason: reason)
        }
    }

    private mutating func note(_ progress: Progress, of id: GatewayID) {
        guard let gateway = gateways[id], gateway.progress != progress else { return }
        gateways[id]?.progress = progress
        if progress == .open { openGateways[id] = .some(gateway.provision.name) }
        restated.insert(id)
    }

    private func standingWhenOpen(_ id: GatewayID) -> GatewayStanding {
        // The smallest id, so that the reason stays the same.
        let first = peersLeftOut[id]?.min { $0.key < $1.key }
        let others = (peersLeftOut[id]?.count ?? 0) - 1
        if let reason = egressObstacle(of: id) { return .lackingEgress(because: reason) }
        return GatewayStanding(
            status: .provisioned,
            reason: first.map { others > 0 ? "\($0.value) (and \(others) more)" : $0.value }
        )
    }
}

// Ways out

extension NodeState {
    /// The node gives a way out, or gives it no longer.
    ///
    /// - Returns: what that changes of the gateways that lead out.
    mutating func note(_ next: WayOut) -> [DesiredChange] {
        guard next != wayOut else { return [] }
        let isOtherwise = next.isOpen != wayOut.isOpen
        wayOut = next
        let concerned = gateways.values.map(\.provision).filter { $0.egress != nil }
        restated.formUnion(concerned.map(\.id))
        guard isOtherwise else { return [] }
        let leaving = links.values.filter { $0.remoteWayOut != nil }.map(\.id).sorted()
        return concerned.map { .gateway(desired($0)) }
            + leaving.compactMap { desiredLink($0).map { .link($0) } }
    }

    private mutating func demandEgress() {
        guard isDemandStale else { return }
        isDemandStale = false
        egressDemand =
            egressPool == nil
            ? nil : EgressDemand(gateways.values.map(\.provision), links.values)
    }

    /// Why packets do not leave through a gateway that leads out.
    private func egressObstacle(of id: GatewayID) -> String? {
        let egress = gateways[id]?.provision.egress
        let overLinks = links.values.filter { $0.gatewayID == id }.compactMap(\.wayOut)
        let ranges = (egress.map { [$0.mappedRange] } ?? []) + overLinks.map(\.mappedRange)
        guard !ranges.contains(nil) else {
            return """
                the server's egress pool, or the organization's share of it, has no room for the gateway's subnet; take \
                the way out from another gateway, or ask the operator for a larger egress-pool or max-egress-share
                """
        }
        guard let egress else { return nil }
        switch wayOut {
        case .unneeded: return "this node makes no way out of networks"
        case .closed(let reason): return reason
        case .open(let obstacle, let internetObstacle):
            return obstacle ?? (egress.hasInternet ? internetObstacle : nil)
        }
    }
}
