import GatewayDomain
import GatewayStore
import NetAddress

/// What a gateway leads to and its region does not have: private services that it chooses, and the internet where its
/// network has an internet gateway in another region. Its peers get there over the link to the gateway of the network that
/// leads there itself, on another node; of several such, to the one that was created first. Which these are, is stored at
/// the links (`LinkEnd`). Verbs need not think of it: whatever they change is in the journal.
extension Transaction {
    /// - Parameter isStart: whether it is asked of all networks, as an earlier version may have left them.
    func followDistantWaysOut(isStart: Bool = false) throws {
        var networks: Set<NetworkID> = []
        var changes = ServiceChanges()
        var hasRoom = false
        for event in journal.events {
            switch event.change {
            case .created(.gateway(let gateway)), .deleted(.gateway(let gateway)):
                networks.insert(gateway.networkID)
            case .updated(from: .gateway(let old), to: .gateway(let new)):
                guard
                    old.serviceChoice != new.serviceChoice || old.nodeID != new.nodeID
                        || (old.status == .deleting) != (new.status == .deleting)
                else { continue }
                networks.insert(new.networkID)
            case .deleted(.backboneLink(let link)):
                for end in link.ends where end.leadsOut {
                    hasRoom = hasRoom || end.egressRange != nil
                    try touchEnds(of: link, from: end, inConfigs: true)
                    try noteInternet(end, LinkEnd(withoutWaysOut: end))
                }
            case .created(.internetGateway(let gateway)), .deleted(.internetGateway(let gateway)):
                networks.insert(gateway.networkID)
            case .created(.privateService), .deleted(.privateService):
                changes.isAny = true
            case .updated(from: .privateService(let old, _), to: .privateService(let new, _)):
                changes.note(old, new)
            case .created, .updated, .deleted: break
            }
        }
        if changes.isAny || isStart {
            networks.formUnion(try BackboneLinks.all(db).map(\.networkID))
        }
        guard !networks.isEmpty else { return }
        let services = try PrivateServices.all(db)
        for network in networks.sorted() {
            if try follow(network, services, changes) { hasRoom = true }
        }
        let waits = try BackboneLinks.withWaysOut(db).contains(where: \.lacksRange)
        guard hasRoom || waits else { return }
        var ranges = try EgressRanges(self)
        try giveWaitingLinks(&ranges)
        if hasRoom { try giveWaiting(&ranges, services) }
    }

    /// - Returns: whether ranges have become free.
    private func follow(
        _ network: NetworkID,
        _ services: [PrivateService],
        _ changes: ServiceChanges
    ) throws -> Bool {
        let links = try BackboneLinks.all(of: network, db)
        guard !links.isEmpty else { return false }
        let ways = DistantWays(
            of: try Gateways.all(of: network, db),
            to: services,
            and: try InternetGateways.all(of: network, db)
        )
        var hasRoom = false
        for link in links {
            var changed = link
            for var end in link.ends {
                guard let other = link.end(across: end.gatewayID) else { continue }
                end.services = ways.services(of: end.gatewayID, through: other.gatewayID)
                end.hasInternet = ways.internet[end.gatewayID] == other.gatewayID
                if !end.leadsOut, end.egressRange != nil {
                    end.egressRange = nil
                    hasRoom = true
                }
                changed.setEnd(end)
            }
            var isNews = changed != link
            for (old, new) in zip(link.ends, changed.ends) {
                let isOtherwise =
                    old.services != new.services || old.hasInternet != new.hasInternet
                // The internet ends where a service begins, whichever that is.
                guard
                    isOtherwise || !changes.terms.isDisjoint(with: new.services)
                        || new.hasInternet && changes.isAny
                else { continue }
                let leadsElsewhere =
                    old.services != new.services || !changes.prefixes.isDisjoint(with: new.services)
                try touchEnds(of: link, from: new, inConfigs: leadsElsewhere)
                try noteInternet(old, new)
                isNews = true
            }
            if isNews { try change(link, to: changed) }
        }
        return hasRoom
    }

    /// Each of the two nodes has something to take up, and neither gateway is provisioned until its own has.
    ///
    /// - Parameter inConfigs: whether configs of the gateway's peers say something else.
    private func touchEnds(
        of link: BackboneLink,
        from end: LinkEnd,
        inConfigs: Bool
    ) throws {
        for id in [end.gatewayID, link.end(across: end.gatewayID)?.gatewayID] {
            // One that is deleted takes nothing up.
            guard let id, let gateway = try? Gateways.find(id, db), gateway.status != .deleting
            else { continue }
            let revision = try journal.nextRevision()
            if gateway.status == .provisioned || !journal.tells(of: id) { try touch(gateway) }
            guard inConfigs, id == end.gatewayID else { continue }
            try ConfigRevisions.note(revision, atGateway: id, db)
        }
    }

    /// What configs that send everything through the tunnel say of peers of an end's gateway.
    private func noteInternet(_ old: LinkEnd, _ new: LinkEnd) throws {
        guard old.hasInternet != new.hasInternet else { return }
        let revision = try journal.nextRevision()
        try ConfigRevisions.noteDistantInternet(revision, atGateway: new.gatewayID, db)
    }

    /// Ranges that are not in the pool any more are given anew.
    func takeBackLinkRanges() throws {
        for link in try BackboneLinks.withWaysOut(db) {
            var changed = link
            for var end in link.ends {
                guard let range = end.egressRange, !settings.egressPool.contains(range) else {
                    continue
                }
                end.egressRange = nil
                changed.setEnd(end)
            }
            if changed != link { try change(link, to: changed) }
        }
    }

    /// Those over which peers leave, and that have no range for it on the other node.
    func giveWaitingLinks(_ ranges: inout EgressRanges) throws {
        for link in try BackboneLinks.withWaysOut(db) where link.lacksRange {
            var changed = link
            for var end in link.ends where end.lacksRange {
                guard let node = link.end(across: end.gatewayID)?.nodeID,
                    let gateway = try? Gateways.find(end.gatewayID, db),
                    let range = ranges.next(for: gateway, on: node)
                else { continue }
                try noteGiven(range)
                end.egressRange = range
                changed.setEnd(end)
                try touchEnds(of: link, from: end, inConfigs: false)
            }
            if changed != link { try change(link, to: changed) }
        }
    }
}

/// Which services of the server have changed in a transaction, by their names.
private struct ServiceChanges {
    /// Whether any has come, gone or changed.
    var isAny = false
    /// Those that lead elsewhere, or for other packets.
    private(set) var terms: Set<String> = []
    private(set) var prefixes: Set<String> = []

    mutating func note(_ old: PrivateService, _ new: PrivateService) {
        guard new.leadsElsewhere(than: old) else { return }
        isAny = true
        terms.insert(new.name)
        if old.prefixes != new.prefixes { prefixes.insert(new.name) }
    }
}

/// Which gateway of a network leads the peers of which other one to which services, and to the internet.
private struct DistantWays {
    private struct Direction: Hashable {
        let from: GatewayID
        let through: GatewayID
    }

    private var names: [Direction: [String]] = [:]
    private(set) var internet: [GatewayID: GatewayID] = [:]

    /// - Parameters:
    ///   - gateways: of one network, in the order of their creation.
    ///   - internetGateways: the same.
    init(
        of gateways: [Gateway],
        to services: [PrivateService],
        and internetGateways: [InternetGateway]
    ) {
        let present = gateways.filter { $0.status != .deleting }
        for gateway in present {
            for service in gateway.servicesElsewhere(among: services) {
                let leading = present.first {
                    $0.nodeID != gateway.nodeID && !$0.services(among: [service]).isEmpty
                }
                guard let leading else { continue }
                names[Direction(from: gateway.id, through: leading.id), default: []].append(
                    service.name
                )
            }
            let regions = internetGateways.map(\.region.code)
            guard !regions.contains(gateway.region.code) else { continue }
            internet[gateway.id] =
                regions.lazy.compactMap { region in
                    present.first { $0.nodeID != gateway.nodeID && $0.region.code == region }?.id
                }.first
        }
    }

    func services(of gateway: GatewayID, through other: GatewayID) -> [String] {
        names[Direction(from: gateway, through: other)] ?? []
    }
}

extension Journal {
    /// Whether the node of the gateway hears of it by this transaction.
    fileprivate func tells(of gateway: GatewayID) -> Bool {
        events.contains { event in
            if case .gateway(let changed) = event.change.object {
                changed.id == gateway
            } else {
                false
            }
        }
    }
}

extension BackboneLink {
    fileprivate var lacksRange: Bool { ends.contains(where: \.lacksRange) }
}

extension LinkEnd {
    fileprivate var lacksRange: Bool { leadsOut && egressRange == nil }

    fileprivate init(withoutWaysOut end: LinkEnd) {
        self = end
        (services, hasInternet, egressRange) = ([], false, nil)
    }
}
