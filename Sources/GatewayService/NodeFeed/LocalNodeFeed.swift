package import GatewayDomain
import GatewayStore
package import NodeProtocol

/// The feed of a node in the process of the control plane: out of the store, and into it.
package struct LocalNodeFeed: NodeFeed {
    /// Whose feed it is.
    enum Reader: Sendable {
        case embedded
        case remote(NodeID)
    }

    let controlPlane: ControlPlane
    let reader: Reader

    var store: Store { controlPlane.store }

    package func wakes(atLeastEvery interval: Duration) -> AsyncStream<Void> {
        stoppableWakes(atLeastEvery: interval).wakes
    }

    /// The same, which end also when `stop` is called.
    package func stoppableWakes(
        atLeastEvery interval: Duration
    ) -> (wakes: AsyncStream<Void>, stop: @Sendable () -> Void) {
        controlPlane.commits.wakes(atLeastEvery: interval) { notice in
            switch notice.objectType {
            case .gateway, .peer, .backboneLink, .limits: true
            case .organization, .apiKey, .user, .session, .network, .peerShare, .peerConfigURL,
                .defaultGateway, .internetGateway, .privateService, .node, .region, .webhook:
                false
            }
        }
    }

    /// Of a few nodes at a time: after a start of the server, all of them ask at once.
    package func snapshot() async throws -> NodeSnapshot {
        try await store.readAside { db in
            let node = try reader.node(db)
            let services = try PrivateServices.all(db)
            let limits = ProvidedLimits(try LimitSettings.all(on: node.id, db))
            var snapshot = NodeSnapshot(
                revision: try Events.newestRevision(db),
                gateways: [],
                peers: []
            )
            for (id, row) in try NodeTables.gateways(on: node.id, db) {
                switch change(of: id, row, services, limits) {
                case .gatewayPut(let provision): snapshot.gateways.append(provision)
                case let change: snapshot.leftOut.append(change)
                }
            }
            for (id, gateway, row) in try NodeTables.peers(on: node, db) {
                switch change(of: id, of: gateway, row, limits) {
                case .peerPut(let provision): snapshot.peers.append(provision)
                case let change: snapshot.leftOut.append(change)
                }
            }
            let links = try self.links(node.id, db)
            for case .linkPut(let link) in links { snapshot.links.append(link) }
            for case .distantLinkPut(let link) in links { snapshot.distantLinks.append(link) }
            return snapshot
        }
    }

    package func changes(after revision: Int64) async throws -> NodeChanges? {
        let (node, changes) = try await store.read { db in
            let node = try reader.node(db)
            return (node.id, try news(behind: revision, for: node, db))
        }
        // The node inside of the server asks for what is behind the revision that it has.
        if case .embedded = reader { controlPlane.noteEmbedded(node, revision: revision) }
        return changes
    }

    private func news(
        behind revision: Int64,
        for node: GatewayNode,
        _ db: any SQLConnection
    ) throws -> NodeChanges? {
        guard let all = try Changes.since(revision, on: node.id, db) else { return nil }
        let changes = withoutLimitsOfChanged(all)
        let services = try PrivateServices.all(db)
        let peers = try changedPeers(changes, on: node, db)
        var news = try changes.flatMap {
            try nodeChanges($0, since: revision, on: node, services, peers, db)
        }
        news += try limitedGateways(changes, on: node, services, peers, db)
        for gateway in try Changes.arrivals(since: revision, on: node.id, db) {
            let limits = ProvidedLimits(try LimitSettings.all(ofPeersOf: gateway, db))
            news += try NodeTables.peers(of: gateway, db)
                .map { change(of: $0.id, of: $0.gateway, $0.row, limits) }
        }
        news += try newDistantLinks(since: revision, node.id, db)
        return NodeChanges(revision: try Events.newestRevision(db), changes: news)
    }

    /// All that have changed at once, as many peers are often made one after the other.
    private func changedPeers(
        _ changes: [Changes.Change],
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws -> [PeerID: NodeChange] {
        let ids: [PeerID] = changes.compactMap { change in
            switch (change.object, change.isDeleted) {
            case (.peer(let id), false): id
            case (.limits(let id), _): PeerID(id)
            default: nil
            }
        }
        let found = try NodeTables.peers(ids, on: node, db)
        let limits = ProvidedLimits(try LimitSettings.all(of: found.map { .peer($0.id) }, db))
        return Dictionary(
            found.map { ($0.id, change(of: $0.id, of: $0.gateway, $0.row, limits)) }
        ) { first, _ in first }
    }

    /// What is said of a gateway of another node is passed over.
    package func report(
        gateways: [GatewayReport],
        asOf revision: Int64 = .max
    ) async throws {
        try await controlPlane.change { tx in
            try tx.take(gateways, of: try reader.node(tx.db), asOf: revision)
        }
    }

    @discardableResult
    package func report(peers: [PeerReport]) async throws -> [LimitSubject: QuotaUse] {
        try await controlPlane.change { tx in
            try tx.take(peers, of: try reader.node(tx.db)).uses
        }
    }

    package func report(trouble: TroubleReport) { controlPlane.observations.record(trouble) }

    package func report(traffic: TrafficReport) {
        controlPlane.trafficRecorder.record(traffic, at: controlPlane.now())
    }

    /// None for an object that is gone: its deletion has a later revision and comes by itself. None also for one of
    /// another node.
    private func nodeChanges(
        _ change: Changes.Change,
        since revision: Int64,
        on node: GatewayNode,
        _ services: [PrivateService],
        _ peers: [PeerID: NodeChange],
        _ db: any SQLConnection
    ) throws -> [NodeChange] {
        switch (change.object, change.isDeleted) {
        case (.gateway(let id), false):
            if let change = try gatewayChange(id, on: node, services, db) { return [change] }
            // It may have been this node's.
            return try Changes.wasMoved(id, since: revision, db) ? [.gatewayDeleted(id)] : []
        case (.gateway(let id), true):
            return [.gatewayDeleted(id)]
        case (.peer(let id), false):
            return peers[id].map { [$0] } ?? []
        case (.peer(let id), true):
            return [.peerDeleted(id)]
        case (.backboneLink(let id), let isDeleted):
            return try linkChange(id, isDeleted: isDeleted, node.id, db).map { [$0] } ?? []
        case (.limits(let id), _):
            // Those of gateways and organizations come together (`limitedGateways`).
            return PeerID(id).flatMap { peers[$0] }.map { [$0] } ?? []
        }
    }

    /// Nil where the node does not have it.
    func gatewayChange(
        _ id: GatewayID,
        on node: GatewayNode,
        _ services: [PrivateService],
        _ db: any SQLConnection
    ) throws -> NodeChange? {
        guard let found = try NodeTables.gateway(id, on: node.id, db) else { return nil }
        var subjects: [LimitSubject] = [.gateway(id)]
        if case .readable(let gateway) = found {
            subjects.append(.organization(gateway.organizationID))
        }
        return change(
            of: id,
            found,
            services,
            ProvidedLimits(try LimitSettings.all(of: subjects, db))
        )
    }

}

extension LocalNodeFeed.Reader {
    func node(_ db: any SQLConnection) throws -> GatewayNode {
        let found =
            switch self {
            case .embedded: try Nodes.embedded(db)
            case .remote(let id): try Nodes.find(id, db)
            }
        guard let found else { throw ServiceError.node(.credentialUnknown) }
        return found
    }
}
