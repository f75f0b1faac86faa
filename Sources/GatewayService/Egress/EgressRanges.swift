import GatewayDomain
import GatewayStore
import NetAddress

/// Subnets of different networks overlap; to the outside of its node each gateway with a way out has a range
/// of its own, as long as its subnet. A gateway whose peers leave through another node has one there as well. It is
/// stored, as the kernel's connections name it.
private let lastRangeKey = "last_egress_range"

/// What is given of the egress pool, read once for all ranges that a transaction gives. Each node has the whole pool.
struct EgressRanges {
    private let pool: IPv4Prefix
    private let share: EgressShare?
    private let operatorOrganization: OrganizationID?
    private var taken: [NodeID: [IPv4Prefix]] = [:]
    /// Addresses by organization.
    private var counts: [NodeID: [OrganizationID: Int]] = [:]
    private var last: IPv4Prefix?

    init(_ tx: Transaction) throws {
        pool = tx.settings.egressPool
        share = tx.settings.egressShare
        operatorOrganization = try Installation.operatorOrganizationID(tx.db)
        last = try Installation.value(of: lastRangeKey, tx.db)
            .flatMap { try? IPv4Prefix(String(decoding: $0, as: UTF8.self)) }
        for gateway in try Gateways.withEgressRange(tx.db) {
            guard let range = gateway.egressRange else { continue }
            note(range, of: gateway.organizationID, on: gateway.nodeID)
        }
        for link in try BackboneLinks.withWaysOut(tx.db) {
            for end in link.ends {
                guard let range = end.egressRange,
                    let node = link.end(across: end.gatewayID)?.nodeID
                else { continue }
                note(range, of: link.organizationID, on: node)
            }
        }
    }

    private mutating func note(
        _ range: IPv4Prefix,
        of organization: OrganizationID,
        on node: NodeID
    ) {
        taken[node, default: []].append(range)
        counts[node, default: [:]][organization, default: 0] += range.addressCount
    }

    /// Where the organization of the gateways would have more than its share of a node's pool, with ranges for them as
    /// well; nil where it keeps to its share.
    fileprivate func excess(of gateways: [Gateway]) -> EgressShare.Excess? {
        for (node, gateways) in Dictionary(grouping: gateways, by: \.nodeID) {
            guard let organization = gateways.first?.organizationID else { continue }
            let wanted = gateways.map(\.subnet.addressCount).reduce(0, +)
            if let excess = excess(of: wanted, for: organization, on: node) { return excess }
        }
        return nil
    }

    private func excess(
        of wanted: Int,
        for organization: OrganizationID,
        on node: NodeID
    ) -> EgressShare.Excess? {
        guard let share, organization != operatorOrganization else { return nil }
        let held = counts[node]?[organization] ?? 0
        guard held + wanted > share.addresses else { return nil }
        return EgressShare.Excess(share: share, held: held, wanted: wanted)
    }

    /// Behind the one that was given last, and from the beginning where there is none left: the kernel may
    /// still know connections of a range that another gateway had. Nil where the pool has no room, or the
    /// organization its share.
    ///
    /// - Parameter node: where packets leave.
    mutating func next(for gateway: Gateway, on node: NodeID) -> IPv4Prefix? {
        let (subnet, organization) = (gateway.subnet, gateway.organizationID)
        guard excess(of: subnet.addressCount, for: organization, on: node) == nil else {
            return nil
        }
        let length = Int(subnet.length)
        let taken = taken[node] ?? []
        let behind = last.flatMap { last in
            SubnetPlan.lowestFreeSubnet(
                length: length,
                in: pool,
                avoiding: taken,
                behind: last.lastAddress
            )
        }
        let free =
            behind ?? SubnetPlan.lowestFreeSubnet(length: length, in: pool, avoiding: taken)
        guard let free else { return nil }
        note(free, of: organization, on: node)
        last = free
        return free
    }
}

extension Transaction {
    /// Gives a range to each gateway of this transaction that has a way out and no range yet, and takes those
    /// back that have no way out any more. One that the pool or the share of its organization has no room for
    /// stays without, and so without its way out.
    func giveEgressRanges() throws {
        let concernsGateways = journal.events.contains { event in
            if case .gateway = event.change.object { true } else { false }
        }
        guard concernsGateways else { return }
        let services = try PrivateServices.all(db)
        var waiting: [Gateway] = []
        var hasRoom = false
        var seen: Set<GatewayID> = []
        for event in journal.events {
            guard case .gateway(let changed) = event.change.object, seen.insert(changed.id).inserted
            else { continue }
            guard let gateway = try? Gateways.find(changed.id, db) else {
                hasRoom = true
                continue
            }
            if case .gateway(let old)? = event.change.before, old.nodeID != gateway.nodeID {
                hasRoom = true
            }
            guard gateway.status != .deleting else { continue }
            let leadsOut = try hasEgress(gateway, among: services)
            if leadsOut, gateway.egressRange == nil { waiting.append(gateway) }
            if !leadsOut, gateway.egressRange != nil {
                try Gateways.setEgressRange(nil, of: gateway.id, db)
                hasRoom = true
            }
        }
        guard hasRoom || !waiting.isEmpty else { return }
        var ranges = try EgressRanges(self)
        for gateway in waiting {
            if let range = ranges.next(for: gateway, on: gateway.nodeID) {
                try give(range, to: gateway)
            }
        }
        if hasRoom { try giveWaiting(&ranges, services) }
    }

    /// Those that there was no room for get what has become free, the oldest first.
    func giveWaiting(_ ranges: inout EgressRanges, _ services: [PrivateService]) throws {
        for gateway in try Gateways.withoutEgressRange(.provisioning, db)
        where try hasEgress(gateway, among: services) {
            guard let range = ranges.next(for: gateway, on: gateway.nodeID) else { continue }
            try touch(gateway)
            try give(range, to: gateway)
        }
    }

    private func give(_ range: IPv4Prefix, to gateway: Gateway) throws {
        try Gateways.setEgressRange(range, of: gateway.id, db)
        try noteGiven(range)
    }

    /// The next one is behind it.
    func noteGiven(_ range: IPv4Prefix) throws {
        try Installation.set(Array(range.description.utf8), for: lastRangeKey, db)
    }

    /// Ranges that are not in the pool any more are taken back, and given anew; a larger pool has room for those that
    /// wait.
    func followEgressPool() throws {
        for gateway in try Gateways.withEgressRange(db) {
            guard let range = gateway.egressRange, !settings.egressPool.contains(range) else {
                continue
            }
            try Gateways.setEgressRange(nil, of: gateway.id, db)
            try touch(gateway)
        }
        try takeBackLinkRanges()
        var ranges = try EgressRanges(self)
        try giveWaiting(&ranges, try PrivateServices.all(db))
        try giveWaitingLinks(&ranges)
    }

    func hasEgress(_ gateway: Gateway, among services: [PrivateService]) throws -> Bool {
        guard gateway.services(among: services).isEmpty else { return true }
        return try InternetGateways.find(of: gateway.networkID, in: gateway.region.code, db) != nil
    }

    /// Refuses a request by which gateways of one organization would get a way out, where its share of the pool
    /// has no room for all of them.
    ///
    /// - Parameter pointer: the member that asks for the way out.
    func checkEgressShare(of gateways: [Gateway], for pointer: String) throws {
        guard settings.egressShare != nil, !gateways.isEmpty else { return }
        guard let excess = try EgressRanges(self).excess(of: gateways) else { return }
        throw ServiceError.egressShareReached(excess, pointer: pointer)
    }
}
