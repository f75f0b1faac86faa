import GatewayDomain
import GatewayStore
import NetAddress
package import NodeProtocol

// Links between gateways, of which each end is told to its node.

extension LocalNodeFeed {
    /// All that the node has to know of links.
    func links(_ node: NodeID, _ db: any SQLConnection) throws -> [NodeChange] {
        try NodeTables.links(on: node, db).map { try provide($0, to: node, db) }
            + NodeTables.distantLinks(of: node, db).map { .distantLinkPut(.init($0)) }
    }

    /// Links between others, in networks that the node is new in.
    func newDistantLinks(
        since revision: Int64,
        _ node: NodeID,
        _ db: any SQLConnection
    ) throws -> [NodeChange] {
        try Changes.networks(since: revision, on: node, db).sorted().flatMap {
            try NodeTables.distantLinks(of: node, in: $0, db).map { .distantLinkPut(.init($0)) }
        }
    }

    /// Also of a link that the node had an end of, and whose gateway was moved away.
    func linkChange(
        _ id: BackboneLinkID,
        isDeleted: Bool,
        _ node: NodeID,
        _ db: any SQLConnection
    ) throws -> NodeChange? {
        guard !isDeleted, let link = try BackboneLinks.find(id, db) else { return .linkDeleted(id) }
        if link.ends.contains(where: { $0.nodeID == node }) {
            return try provide(link, to: node, db)
        }
        return try NodeTables.hasGateway(of: link.networkID, on: node, db)
            ? .distantLinkPut(.init(link)) : .linkDeleted(id)
    }

    /// A link that lacks something is not there for the node: it has nothing to carry.
    private func provide(
        _ link: BackboneLink,
        to node: NodeID,
        _ db: any SQLConnection
    ) throws -> NodeChange {
        let isFirst = link.first.nodeID == node
        let (own, remote) = isFirst ? (link.first, link.second) : (link.second, link.first)
        guard let gateway = try NodeTables.linked(remote.gatewayID, db) else {
            return .linkDeleted(link.id)
        }
        let sides = try BackboneLanes.all(of: link.id, db)
        var lanes: [LinkProvision.Lane] = []
        for number in 0..<link.lanesCount {
            guard let ownSide = sides.first(where: { $0.isOf(own, number) }),
                let remoteSide = sides.first(where: { $0.isOf(remote, number) })
            else { continue }
            guard
                let key = try? controlPlane.masterKey.open(
                    ownSide.sealedPrivateKey,
                    for: .lanePrivateKey,
                    of: ownSide.keyName
                )
            else {
                note("backbone_lane", ownSide.keyName, "sealed_private_key")
                continue
            }
            lanes.append(
                LinkProvision.Lane(
                    privateKey: key,
                    port: ownSide.port,
                    remotePublicKey: remoteSide.publicKey,
                    remoteEndpoint: PublicEndpoint(host: gateway.host, port: remoteSide.port)
                )
            )
        }
        let services = try PrivateServices.all(db)
        return .linkPut(
            LinkProvision(
                id: link.id,
                networkID: link.networkID,
                gatewayID: own.gatewayID,
                remoteNodeID: remote.nodeID,
                remoteGatewayID: remote.gatewayID,
                remoteAddress: gateway.serverAddress,
                remoteSubnet: gateway.subnet,
                remotePrefixes: try NodeTables.prefixes(behind: remote.gatewayID, db),
                mtu: link.mtu,
                wayOut: LinkProvision.WayOut(from: own, among: services),
                remoteWayOut: LinkProvision.WayOut(from: remote, among: services),
                lanes: lanes,
                state: own.state,
                viaGatewayID: own.viaGatewayID
            )
        )
    }
}

extension LinkProvision.WayOut {
    /// Nil where peers of the end's gateway leave nowhere at the other end.
    fileprivate init?(from end: LinkEnd, among all: [PrivateService]) {
        let services = all.filter { end.services.contains($0.name) }
        guard end.hasInternet || !services.isEmpty else { return nil }
        self.init(
            services: services.flatMap(\.provisions),
            mappedRange: end.egressRange,
            hasInternet: end.hasInternet,
            reserved: end.hasInternet ? all.flatMap(\.prefixes) : []
        )
    }
}

extension BackboneLanes.Side {
    fileprivate func isOf(_ end: LinkEnd, _ number: Int) -> Bool {
        self.number == number && gatewayID == end.gatewayID
    }
}

extension DistantLinkProvision {
    fileprivate init(_ link: BackboneLink) {
        self.init(
            id: link.id,
            networkID: link.networkID,
            firstGatewayID: link.first.gatewayID,
            secondGatewayID: link.second.gatewayID,
            isUp: link.state == .up
        )
    }
}

// What a node reports of them.

extension LocalNodeFeed {
    package func report(links: [LinkReport]) async throws {
        let node = try await store.read { try reader.node($0).id }
        try await controlPlane.take(links, of: node)
    }
}

extension ControlPlane {
    /// Takes in what a node says of its ends of links. Those that it does not have are passed over.
    fileprivate func take(_ reports: [LinkReport], of node: NodeID) async throws {
        let news = try await measure(reports, of: node)
        // Most reports say nothing new, and wait for no writer.
        guard !news.isEmpty else { return }
        let changed = news
        try await change { tx in for report in changed { try tx.take(report, of: node) } }
    }

    /// - Returns: those that say something else than is stored.
    @discardableResult
    func measure(_ reports: [LinkReport], of node: NodeID) async throws -> [LinkReport] {
        guard !reports.isEmpty else { return [] }
        let now = now()
        let stored = try await store.read { db in
            try reports.map { report in try BackboneLinks.find(report.id, db) }
        }
        var news: [LinkReport] = []
        for (report, link) in zip(reports, stored) {
            guard let end = link?.end(of: report.gatewayID), end.nodeID == node else { continue }
            linkMeasurements.record(
                LinkFigures(
                    roundTripMicroseconds: report.roundTripMicroseconds,
                    lossPercent: report.lossPercent,
                    measuredAt: now
                ),
                of: report.id,
                at: report.gatewayID
            )
            if end.state != report.state || end.viaGatewayID != report.viaGatewayID {
                news.append(report)
            }
        }
        return news
    }
}

extension Transaction {
    fileprivate func take(_ report: LinkReport, of node: NodeID) throws {
        guard let link = try BackboneLinks.find(report.id, db),
            var end = link.end(of: report.gatewayID), end.nodeID == node
        else { return }
        end.state = report.state
        end.viaGatewayID = report.viaGatewayID
        var changed = link
        changed.setEnd(end)
        guard changed != link else { return }
        if changed.state != link.state { changed.stateSince = time }
        changed.updatedAt = time
        try BackboneLinks.update(changed, db)
        try journal.updated(.backboneLink(link), to: .backboneLink(changed))
    }
}
