package import GatewayDomain
import GatewayStore
import NetAddress
package import NodeProtocol
import WireGuardCrypto

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
            case .gateway, .peer, .backboneLink: true
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
            var snapshot = NodeSnapshot(
                revision: try Events.newestRevision(db),
                gateways: [],
                peers: []
            )
            for (id, row) in try NodeTables.gateways(on: node.id, db) {
                switch change(of: id, row, services) {
                case .gatewayPut(let provision): snapshot.gateways.append(provision)
                case let change: snapshot.leftOut.append(change)
                }
            }
            for (id, gateway, row) in try NodeTables.peers(on: node, db) {
                switch change(of: id, of: gateway, row) {
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
        guard let changes = try Changes.since(revision, on: node.id, db) else { return nil }
        let services = try PrivateServices.all(db)
        let peers = try changedPeers(changes, on: node, db)
        var news = try changes.compactMap {
            try nodeChange($0, since: revision, on: node, services, peers, db)
        }
        for gateway in try Changes.arrivals(since: revision, on: node.id, db) {
            news += try NodeTables.peers(of: gateway, db)
                .map { change(of: $0.id, of: $0.gateway, $0.row) }
        }
        news += try newDistantLinks(since: revision, node.id, db)
        return NodeChanges(revision: try Events.newestRevision(db), changes: news)
    }

    /// All that have changed at once, as many peers are often made one after the other.
    private func changedPeers(
        _ changes: [Changes.Change],
        on node: GatewayNode,
        _ db: any SQLConnection
    ) throws -> [PeerID: NodeTables.FoundPeer] {
        let ids: [PeerID] = changes.compactMap { change in
            if case (.peer(let id), false) = (change.object, change.isDeleted) { id } else { nil }
        }
        let found = try NodeTables.peers(ids, on: node, db)
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
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

    /// Nil for an object that is gone: its deletion has a later revision and comes by itself. Nil also for one of
    /// another node.
    private func nodeChange(
        _ change: Changes.Change,
        since revision: Int64,
        on node: GatewayNode,
        _ services: [PrivateService],
        _ peers: [PeerID: NodeTables.FoundPeer],
        _ db: any SQLConnection
    ) throws -> NodeChange? {
        switch (change.object, change.isDeleted) {
        case (.gateway(let id), false):
            return if let found = try NodeTables.gateway(id, on: node.id, db) {
                self.change(of: id, found, services)
            } else if try Changes.wasMoved(id, since: revision, db) {
                // It may have been this node's.
                .gatewayDeleted(id)
            } else {
                nil
            }
        case (.gateway(let id), true):
            return .gatewayDeleted(id)
        case (.peer(let id), false):
            return peers[id].map { self.change(of: id, of: $0.gateway, $0.row) }
        case (.peer(let id), true):
            return .peerDeleted(id)
        case (.backboneLink(let id), let isDeleted):
            return try linkChange(id, isDeleted: isDeleted, node.id, db)
        }
    }

    private func change(
        of id: GatewayID,
        _ row: NodeTables.Found<NodeTables.SealedGateway>,
        _ services: [PrivateService]
    ) -> NodeChange {
        switch row {
        case .damaged(let column):
            return .gatewayLeftOut(id, reason: .unreadable("the gateway", column: column))
        case .readable(let gateway):
            let key = try? controlPlane.masterKey.open(
                gateway.sealedPrivateKey,
                for: .gatewayPrivateKey,
                of: gateway.id
            )
            guard let key else {
                note("gateway", id, "sealed_private_key")
                return .gatewayLeftOut(id, reason: .unopened("the gateway's private key"))
            }
            return .gatewayPut(provision(gateway, key, services))
        }
    }

    private func change(
        of id: PeerID,
        of gateway: GatewayID?,
        _ row: NodeTables.Found<NodeTables.SealedPeer>
    ) -> NodeChange {
        switch row {
        case .damaged(let column):
            return .peerLeftOut(id, of: gateway, reason: .unreadable("peer \(id)", column: column))
        case .readable(let peer):
            guard let sealed = peer.sealedPresharedKey else {
                return .peerPut(provision(peer, presharedKey: nil))
            }
            guard let key = try? controlPlane.masterKey.open(sealed, for: .peerPresharedKey, of: id)
            else {
                note("peer", id, "sealed_preshared_key")
                return .peerLeftOut(
                    id,
                    of: gateway,
                    reason: .unopened("the preshared key of peer \(id)")
                )
            }
            return .peerPut(provision(peer, presharedKey: key))
        }
    }

    func note(_ table: String, _ id: some CustomStringConvertible, _ column: String) {
        store.damage.note(DamagedRow(table: table, id: "\(id)", column: column))
    }

    private func provision(
        _ gateway: NodeTables.SealedGateway,
        _ privateKey: SecretKey,
        _ services: [PrivateService]
    ) -> GatewayProvision {
        GatewayProvision(
            id: gateway.id,
            networkID: gateway.networkID,
            name: gateway.name,
            privateKey: privateKey,
            port: gateway.port,
            serverAddress: SubnetPlan.serverAddress(
                in: gateway.subnet,
                given: gateway.givenAddress
            ),
            subnet: gateway.subnet,
            mtu: gateway.mtu,
            egress: EgressProvision(among: services, of: gateway),
            standing: GatewayStanding(
                status: gateway.status,
                reason: gateway.statusReason,
                lacksEgress: gateway.lacksEgress
            )
        )
    }

    private func provision(
        _ peer: NodeTables.SealedPeer,
        presharedKey: SecretKey?
    ) -> PeerProvision {
        PeerProvision(
            id: peer.id,
            gatewayID: peer.gatewayID,
            publicKey: peer.publicKey,
            presharedKey: presharedKey,
            address: peer.address,
            allowedIPs: peer.allowedIPs + (peer.isDefaultGateway ? [.v4(.everything)] : []),
            lastEndpoint: peer.lastEndpoint,
            lastSeen: peer.lastSeen
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

extension EgressProvision {
    /// Nil where the gateway has no way out.
    fileprivate init?(among all: [PrivateService], of gateway: NodeTables.SealedGateway) {
        let services = gateway.services.services(among: all)
        guard gateway.hasInternet || !services.isEmpty else { return nil }
        self.init(
            mappedRange: gateway.egressRange,
            services: services.flatMap(\.provisions),
            reserved: gateway.hasInternet ? all.flatMap(\.prefixes) : [],
            hasInternet: gateway.hasInternet
        )
    }
}

extension PrivateService {
    /// Prefix by prefix.
    var provisions: [EgressProvision.Service] {
        prefixes.map { .init(prefix: $0, transport: transport, ports: ports) }
    }
}

/// Why something is left out, for its owner.
extension String {
    fileprivate static func unreadable(_ object: String, column: String) -> String {
        """
        the database holds a value of \(object) that cannot be read (\(column)); ask the operator \
        to restore it from a backup
        """
    }

    fileprivate static func unopened(_ key: String) -> String {
        """
        \(key) in the database is damaged; ask the operator to restore it from a backup, or make \
        the object anew
        """
    }
}
