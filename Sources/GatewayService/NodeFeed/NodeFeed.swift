import GatewayDomain
import GatewayStore
import WireGuardCrypto

/// What a node is allowed to see of the control plane, and all that travels between the two.
package struct NodeFeed: Sendable {
    let controlPlane: ControlPlane

    private var store: Store { controlPlane.store }

    /// Yields after each commit that concerns gateways or peers, and at least once per interval, in
    /// case a wake is lost. Commits are coalesced for a slow reader.
    package func wakes(atLeastEvery interval: Duration) -> AsyncStream<Void> {
        controlPlane.commits.wakes(atLeastEvery: interval) { event in
            switch event.change.object {
            case .gateway, .peer: true
            case .organization, .apiKey, .user, .session, .network, .peerShare, .peerConfigURL,
                .defaultGateway, .internetGateway:
                false
            }
        }.wakes
    }

    /// Everything, as of one revision.
    package func snapshot() async throws -> NodeSnapshot {
        let (revision, gateways, peers) = try await store.read { db in
            (
                try Events.newestRevision(db),
                try NodeTables.gateways(db),
                try NodeTables.peers(db)
            )
        }
        var snapshot = NodeSnapshot(revision: revision, gateways: [], peers: [])
        for (id, row) in gateways {
            switch change(of: id, row) {
            case .gatewayPut(let provision): snapshot.gateways.append(provision)
            case let change: snapshot.leftOut.append(change)
            }
        }
        for (id, gateway, row) in peers {
            switch change(of: id, of: gateway, row) {
            case .peerPut(let provision): snapshot.peers.append(provision)
            case let change: snapshot.leftOut.append(change)
            }
        }
        return snapshot
    }

    /// What happened behind a revision. Nil when that is too long ago, or never was: take a
    /// snapshot then.
    package func changes(after revision: Int64) async throws -> NodeChanges? {
        try await store.read { db in
            guard let changes = try Changes.since(revision, db) else { return nil }
            return NodeChanges(
                revision: try Events.newestRevision(db),
                changes: try changes.compactMap { try nodeChange($0, db) }
            )
        }
    }

    /// How far the node is with each gateway.
    package func report(gateways: [GatewayReport]) async throws {
        try await controlPlane.change { tx in
            for report in gateways {
                let found: Gateway?
                do throws(StoreError) {
                    found = try Gateways.find(report.id, tx.db)
                } catch {
                    guard case .damaged = error else { throw error }
                    try NodeTables.setStatus(
                        of: report.id,
                        to: report.standing.status,
                        because: report.standing.reason,
                        tx.db
                    )
                    continue
                }
                // What is being deleted is past being provisioned.
                guard let gateway = found, gateway.status != .deleting else { continue }
                var changed = gateway
                changed.status = report.standing.status
                changed.statusReason = report.standing.reason
                guard changed != gateway else { continue }
                changed.updatedAt = tx.time
                try NodeTables.setStatus(of: changed, tx.db)
                try tx.journal.updated(.gateway(gateway), to: .gateway(changed))
            }
        }
    }

    /// What peers did since the last report. Ids of deleted peers are passed over.
    package func report(peers: [PeerReport]) async throws {
        try await controlPlane.change { tx in
            var gateways: [GatewayID: GatewayActivity] = [:]
            for report in peers {
                let gateway = try NodeTables.addActivity(PeerActivity(report), of: report.id, tx.db)
                guard let gateway else { continue }
                gateways[gateway, default: GatewayActivity()].add(report)
            }
            for (gateway, activity) in gateways {
                try NodeTables.addActivity(activity, of: gateway, tx.db)
            }
        }
    }

    /// What went wrong since the last report. It is kept in memory only.
    package func report(trouble: TroubleReport) { controlPlane.observations.record(trouble) }

    /// What was carried since the last report. It is kept in memory only.
    package func report(traffic: TrafficReport) {
        controlPlane.trafficRecorder.record(traffic, at: controlPlane.now())
    }

    /// Nil for an object that is gone: its deletion has a later revision and comes by itself.
    private func nodeChange(
        _ change: Changes.Change,
        _ db: any SQLConnection
    ) throws -> NodeChange? {
        switch (change.object, change.isDeleted) {
        case (.gateway(let id), false):
            try NodeTables.gateway(id, db).map { self.change(of: id, $0) }
        case (.gateway(let id), true):
            .gatewayDeleted(id)
        case (.peer(let id), false):
            try NodeTables.peer(id, db).map { self.change(of: id, of: $0.gateway, $0.row) }
        case (.peer(let id), true):
            .peerDeleted(id)
        }
    }

    private func change(
        of id: GatewayID,
        _ row: NodeTables.Found<NodeTables.SealedGateway>
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
            return .gatewayPut(provision(gateway, key))
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

    private func note(_ table: String, _ id: some CustomStringConvertible, _ column: String) {
        store.damage.note(DamagedRow(table: table, id: "\(id)", column: column))
    }

    private func provision(
        _ gateway: NodeTables.SealedGateway,
        _ privateKey: SecretKey
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
            standing: GatewayStanding(status: gateway.status, reason: gateway.statusReason)
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
            allowedIPs: peer.allowedIPs,
            lastEndpoint: peer.lastEndpoint,
            lastSeen: peer.lastSeen
        )
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

extension PeerActivity {
    fileprivate init(_ report: PeerReport) {
        self.init(
            lastSeen: report.lastSeen,
            latestHandshakeAt: report.latestHandshakeAt,
            latestEchoAt: report.latestEchoAt,
            endpoint: report.endpoint,
            rxBytes: report.rxBytesAdded,
            txBytes: report.txBytesAdded
        )
    }
}

extension GatewayActivity {
    fileprivate mutating func add(_ report: PeerReport) {
        rxBytes += report.rxBytesAdded
        txBytes += report.txBytesAdded
        let handshakes = [latestHandshakeAt, report.latestHandshakeAt]
        latestHandshakeAt = handshakes.compactMap(\.self).max()
    }
}
