import DataPlane
import GatewayDomain
import NodeProtocol
import Topology

/// What this node knows of the links of its gateways, and which paths follow from that: pure. What probes of
/// the data plane came to goes in; paths for the data plane and reports for the control plane come out.
struct LinkMonitor {
    private struct OwnLink {
        let gatewayID: GatewayID
        let remoteGatewayID: GatewayID
        let lanesCount: Int
        /// As the data plane last told.
        var counts: [ProbeCounts]
        /// As the control plane last told, or was told.
        var told: LinkReport
        var health: LinkHealth
    }

    private struct Pair: Hashable {
        let low: GatewayID
        let high: GatewayID

        init(_ one: GatewayID, _ other: GatewayID) {
            (low, high) = (min(one, other), max(one, other))
        }
    }

    private var links: [BackboneLinkID: OwnLink] = [:]
    private var distant: [BackboneLinkID: (pair: Pair, link: DistantLink)] = [:]
    private var plans: [GatewayID: RoutePlan<GatewayID>] = [:]

    var isEmpty: Bool { links.isEmpty }

    mutating func put(_ provision: LinkProvision) {
        distant[provision.id] = nil
        let known = links[provision.id]
        let isSame =
            known?.gatewayID == provision.gatewayID && known?.lanesCount == provision.lanes.count
        // What a report of this node came to comes back, and may be older than the next one.
        guard !isSame else { return }
        links[provision.id] = OwnLink(
            gatewayID: provision.gatewayID,
            remoteGatewayID: provision.remoteGatewayID,
            lanesCount: provision.lanes.count,
            counts: Array(repeating: ProbeCounts(), count: provision.lanes.count),
            told: LinkReport(
                id: provision.id,
                gatewayID: provision.gatewayID,
                state: provision.state,
                viaGatewayID: provision.viaGatewayID
            ),
            health: LinkHealth(lanes: provision.lanes.count)
        )
    }

    mutating func put(_ provision: DistantLinkProvision) {
        remove(provision.id)
        distant[provision.id] = (
            Pair(provision.firstGatewayID, provision.secondGatewayID),
            DistantLink(isUp: provision.isUp)
        )
    }

    mutating func remove(_ id: BackboneLinkID) {
        links[id] = nil
        distant[id] = nil
    }

    /// A snapshot: what is not in it is gone.
    mutating func keep(only ids: Set<BackboneLinkID>) {
        for id in Array(links.keys) + Array(distant.keys) where !ids.contains(id) { remove(id) }
    }

    /// Takes in what the probes of a lane came to. `look` judges it.
    mutating func note(_ counts: ProbeCounts, ofLane number: Int, of id: BackboneLinkID) {
        guard let link = links[id], link.counts.indices.contains(number) else { return }
        links[id]?.counts[number] = counts
    }

    /// Judges what is known at this moment, and chooses.
    ///
    /// - Parameter now: since any fixed moment.
    /// - Returns: the path of each link, of which most are what they were before.
    mutating func look(at now: Duration) -> [BackboneLinkID: LinkPath] {
        for (id, link) in links { links[id]?.health.note(link.counts, at: now) }
        choosePaths()
        return links.mapValues { path(of: $0) }
    }

    private mutating func choosePaths() {
        let known = Dictionary(distant.values.map { ($0.pair, $0.link) }) { $1 }
        let byGateway = Dictionary(grouping: links.values, by: \.gatewayID)
        plans = plans.filter { byGateway[$0.key] != nil }
        for (gateway, links) in byGateway {
            plans[gateway, default: RoutePlan()].update(
                Dictionary(links.map { ($0.remoteGatewayID, $0.health) }) { $1 },
                distant: { known[Pair($0, $1)] }
            )
        }
    }

    private func path(of link: OwnLink) -> LinkPath {
        switch plans[link.gatewayID]?.paths[link.remoteGatewayID] {
        case .direct, nil:
            let usable = link.health.usableLanes
            return .direct(lanes: usable.isEmpty ? Array(0..<link.lanesCount) : usable)
        case .some(.none):
            return .unreachable
        case .around(let via):
            let detour = links.first {
                $0.value.gatewayID == link.gatewayID && $0.value.remoteGatewayID == via
            }
            return detour.map { .detour(DesiredID($0.key)) } ?? .unreachable
        }
    }
}

// What the control plane is told

extension LinkMonitor {
    /// The reports that are due: of links whose state is another one than the control plane knows, or of all.
    func reports(ofAll isAll: Bool) -> [LinkReport] {
        links.keys.sorted().compactMap { id in
            guard let link = links[id], let report = report(id, link) else { return nil }
            let isNews =
                report.state != link.told.state || report.viaGatewayID != link.told.viaGatewayID
            return isAll || isNews ? report : nil
        }
    }

    /// The control plane has them.
    mutating func noteTold(_ reports: [LinkReport]) {
        for report in reports { links[report.id]?.told = report }
    }

    /// Nil while it is too early to say: after a start, the control plane knows more.
    private func report(_ id: BackboneLinkID, _ link: OwnLink) -> LinkReport? {
        guard link.health.condition != .untried else { return nil }
        let path = plans[link.gatewayID]?.paths[link.remoteGatewayID]
        var via: GatewayID?
        let state: LinkState
        switch path {
        case nil: return nil
        case .direct: state = .up
        case .around(let gateway): (state, via) = (.detour, gateway)
        case .some(.none):
            let isNew = !link.health.hasAnswered && link.told.state == .connecting
            state = isNew ? .connecting : .down
        }
        let microseconds = link.health.roundTrip.map {
            Int($0.components.seconds) * 1_000_000
                + Int($0.components.attoseconds / 1_000_000_000_000)
        }
        return LinkReport(
            id: id,
            gatewayID: link.gatewayID,
            state: state,
            viaGatewayID: via,
            roundTripMicroseconds: microseconds,
            lossPercent: link.health.lossPercent.map { Int($0.rounded()) }
        )
    }
}
