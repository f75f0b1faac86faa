package import GatewayDomain

/// What a node should carry, as it was last told: a snapshot that changes are added to.
package struct CarriedObjects: Sendable {
    package private(set) var revision: Int64
    var gateways: [GatewayID: GatewayProvision] = [:]
    var peers: [PeerID: PeerProvision] = [:]
    private var links: [BackboneLinkID: LinkProvision] = [:]
    private var distantLinks: [BackboneLinkID: DistantLinkProvision] = [:]
    private var gatewaysLeftOut: [GatewayID: NodeChange] = [:]
    private var peersLeftOut: [PeerID: NodeChange] = [:]
    var organizationQuotas: [OrganizationID: MonthlyQuota] = [:]
    /// What of quotas is used, as of all that the node has reported, delivered or not.
    package internal(set) var uses: [LimitSubject: QuotaUse] = [:]

    package init(_ snapshot: NodeSnapshot) {
        revision = snapshot.revision
        for gateway in snapshot.gateways { put(gateway) }
        for peer in snapshot.peers { put(peer) }
        for link in snapshot.links { links[link.id] = link }
        for link in snapshot.distantLinks { distantLinks[link.id] = link }
        for change in snapshot.leftOut { apply(change) }
    }

    package var snapshot: NodeSnapshot {
        var snapshot = NodeSnapshot(
            revision: revision,
            gateways: gateways.values.map { showingUse($0) },
            peers: peers.values.map { showingUse($0) }
        )
        snapshot.links = Array(links.values)
        snapshot.distantLinks = Array(distantLinks.values)
        snapshot.leftOut = Array(gatewaysLeftOut.values) + Array(peersLeftOut.values)
        return snapshot
    }

    package mutating func apply(_ news: NodeChanges) {
        for change in news.changes { apply(change) }
        revision = news.revision
    }

    /// Where peers were heard last: a node that starts again calls them there, and a peer would need 15 seconds to
    /// notice that its session is gone.
    ///
    /// - Returns: whether any of them is somewhere else than before.
    package mutating func note(_ reports: [PeerReport]) -> Bool {
        var isNews = false
        for report in reports {
            guard let endpoint = report.endpoint, let peer = peers[report.id] else { continue }
            isNews = isNews || peer.lastEndpoint != endpoint
            peers[report.id] = peer.heard(at: endpoint, report.lastSeen ?? peer.lastSeen)
        }
        return isNews
    }

    private mutating func apply(_ change: NodeChange) {
        switch change {
        case .gatewayPut(let gateway):
            put(gateway)
            gatewaysLeftOut[gateway.id] = nil
        case .gatewayDeleted(let id):
            removeGateway(id)
            gatewaysLeftOut[id] = nil
            // Deleted or moved away with it.
            for peer in peers.values where peer.gatewayID == id { uses[.peer(peer.id)] = nil }
            peers = peers.filter { $0.value.gatewayID != id }
        case .peerPut(let peer):
            put(peer)
            peersLeftOut[peer.id] = nil
        case .peerDeleted(let id):
            peers[id] = nil
            uses[.peer(id)] = nil
            peersLeftOut[id] = nil
        case .linkPut(let link):
            links[link.id] = link
            distantLinks[link.id] = nil
        case .distantLinkPut(let link):
            distantLinks[link.id] = link
            links[link.id] = nil
        case .linkDeleted(let id):
            links[id] = nil
            distantLinks[id] = nil
        case .gatewayLeftOut(let id, _):
            // What is known already needs nothing of its row.
            if gateways[id] == nil { gatewaysLeftOut[id] = change }
        case .peerLeftOut(let id, _, _):
            // Its keys may be others than before.
            peers[id] = nil
            peersLeftOut[id] = change
        }
    }
}
