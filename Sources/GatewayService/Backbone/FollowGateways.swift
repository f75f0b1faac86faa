import GatewayDomain
import GatewayStore

/// The links that networks of several nodes have. Verbs need not think of it: whatever they change is in the
/// journal.
extension Transaction {
    /// Gateways of one network on different nodes have a link each to each other, from the transaction on in which the
    /// second of them comes. A link that leads to something else since the changes of this transaction gets an
    /// entry in the journal, by which its nodes hear of it.
    func followBackbone() throws {
        var networks: Set<NetworkID> = []
        var gateways: Set<GatewayID> = []
        for event in journal.events {
            switch event.change {
            case .created(.gateway(let gateway)), .deleted(.gateway(let gateway)):
                networks.insert(gateway.networkID)
            case .updated(from: .gateway(let old), to: .gateway(let new)):
                if old.nodeID != new.nodeID { networks.insert(new.networkID) }
                if old.leadsElsewhere(than: new) { gateways.insert(new.id) }
            case .created(.peer(let peer, in: _)), .deleted(.peer(let peer, in: _)):
                if peer.hasNetworks { gateways.insert(peer.gatewayID) }
            case .updated(from: .peer(let old, in: _), to: .peer(let new, in: _)):
                guard
                    old.allowedIPs != new.allowedIPs
                        || old.isDefaultGateway != new.isDefaultGateway
                else { continue }
                gateways.insert(new.gatewayID)
            case .created, .updated, .deleted: break
            }
        }
        var fresh: Set<BackboneLinkID> = []
        for network in networks.sorted() { try linkGateways(of: network, &fresh) }
        var touched = fresh
        for gateway in gateways.sorted() {
            for link in try BackboneLinks.all(of: gateway, db)
            where touched.insert(link.id).inserted {
                try change(link, to: try following(link))
            }
        }
    }

    /// - Parameter fresh: gains the links that were made or have got other lanes.
    private func linkGateways(of network: NetworkID, _ fresh: inout Set<BackboneLinkID>) throws {
        let gateways = try Gateways.all(of: network, db)
        var links = try BackboneLinks.all(of: network, db)
        // Most networks are on one node.
        guard !links.isEmpty || Set(gateways.map(\.nodeID)).count > 1 else { return }
        let present = try Gateways.ids(in: network, db)
        let known = Dictionary(uniqueKeysWithValues: gateways.map { ($0.id, $0) })
        for (index, link) in links.enumerated().reversed() {
            let (first, second) = (known[link.first.gatewayID], known[link.second.gatewayID])
            if !link.ends.allSatisfy({ present.contains($0.gatewayID) })
                || first != nil && first?.nodeID == second?.nodeID
            {
                try BackboneLinks.delete(link, db)
                try journal.deleted(.backboneLink(link))
                links.remove(at: index)
            } else if try follow(link, to: [first, second].compactMap(\.self)) {
                fresh.insert(link.id)
            }
        }
        fresh.formUnion(try linkUnlinked(gateways, links))
    }

    /// - Returns: the links that were made.
    private func linkUnlinked(
        _ gateways: [Gateway],
        _ links: [BackboneLink]
    ) throws -> [BackboneLinkID] {
        var counts: [GatewayID: Int] = [:]
        for end in links.flatMap(\.ends) { counts[end.gatewayID, default: 0] += 1 }
        let linked = Set(links.map { [$0.first.gatewayID, $0.second.gatewayID] })
        let sorted = gateways.sorted { $0.id < $1.id }
        var made: [BackboneLinkID] = []
        for (index, first) in sorted.enumerated() {
            for second in sorted.dropFirst(index + 1)
            where first.nodeID != second.nodeID && !linked.contains([first.id, second.id]) {
                for gateway in [first, second] {
                    counts[gateway.id, default: 0] += 1
                    guard counts[gateway.id, default: 0] <= BackboneLink.mostOfGateway else {
                        throw ServiceError.limitReached(
                            objects: "gateways on different nodes in one network",
                            limit: BackboneLink.mostOfGateway + 1
                        )
                    }
                }
                made.append(try makeLink(first, second))
            }
        }
        return made
    }

    private func makeLink(_ first: Gateway, _ second: Gateway) throws -> BackboneLinkID {
        let link = BackboneLink(
            id: .random(),
            organizationID: first.organizationID,
            networkID: first.networkID,
            mtu: min(first.mtu, second.mtu),
            first: LinkEnd(first),
            second: LinkEnd(second),
            stateSince: time,
            createdAt: time,
            updatedAt: time
        )
        try BackboneLinks.insert(link, db)
        for end in link.ends { try makeLanes(of: end, of: link) }
        try journal.created(.backboneLink(link))
        return link.id
    }

    /// An end whose gateway is on another node than before has lanes of its own there: the old node knows the
    /// keys of the old ones.
    ///
    /// - Returns: whether there was such an end.
    private func follow(_ link: BackboneLink, to gateways: [Gateway]) throws -> Bool {
        var moved = link
        for gateway in gateways {
            guard var end = link.end(of: gateway.id), end.nodeID != gateway.nodeID else {
                continue
            }
            end.nodeID = gateway.nodeID
            (end.state, end.viaGatewayID) = (.connecting, nil)
            moved.setEnd(end)
            // What was given on the node that it leaves.
            if var other = moved.end(across: gateway.id) {
                other.egressRange = nil
                moved.setEnd(other)
            }
            try BackboneLanes.delete(of: gateway.id, of: link.id, db)
            try makeLanes(of: end, of: link)
        }
        guard moved != link else { return false }
        if moved.state != link.state { moved.stateSince = time }
        try change(link, to: moved)
        return true
    }

    private func following(_ link: BackboneLink) throws -> BackboneLink {
        var followed = link
        let mtus = try link.ends.compactMap { try Gateways.find($0.gatewayID, db)?.mtu }
        followed.mtu = mtus.min() ?? link.mtu
        return followed
    }

    func change(_ link: BackboneLink, to changed: BackboneLink) throws {
        var changed = changed
        changed.updatedAt = time
        try BackboneLinks.update(changed, db)
        try journal.updated(.backboneLink(link), to: .backboneLink(changed))
    }
}

extension LinkEnd {
    fileprivate init(_ gateway: Gateway) {
        self.init(
            gatewayID: gateway.id,
            regionCode: gateway.region.code,
            nodeID: gateway.nodeID
        )
    }
}

extension Gateway {
    /// Whether the other ends of its links have to know something else of it.
    fileprivate func leadsElsewhere(than other: Gateway) -> Bool {
        endpoint.host != other.endpoint.host || mtu != other.mtu || subnet != other.subnet
    }
}

extension Peer {
    /// Whether more than its own address is reached through it.
    fileprivate var hasNetworks: Bool { !allowedIPs.isEmpty || isDefaultGateway }
}
