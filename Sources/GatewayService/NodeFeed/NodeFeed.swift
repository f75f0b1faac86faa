import GatewayDomain
import GatewayStore

/// What a node is allowed to see of the control plane, and all that travels between the two.
package struct NodeFeed: Sendable {
    let store: Store
    let masterKey: MasterKey
    let now: WallClock

    /// Everything, as of one revision.
    package func snapshot() async throws -> NodeSnapshot {
        let (revision, gateways, peers) = try await store.read { db in
            (
                try Events.newestRevision(db),
                try NodeTables.gateways(db),
                try NodeTables.peers(db)
            )
        }
        return NodeSnapshot(
            revision: revision,
            gateways: try gateways.map(provision),
            peers: try peers.map(provision)
        )
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
        try await store.write { db in
            let time = now()
            for report in gateways {
                // What is being deleted is past being provisioned.
                guard let gateway = try Gateways.find(report.id, db), gateway.status != .deleting
                else { continue }
                var changed = gateway
                changed.status = report.status
                changed.statusReason = report.reason
                guard changed != gateway else { continue }
                changed.updatedAt = time
                try NodeTables.setStatus(of: changed, db)
                try Journal.system(of: gateway.organizationID, at: time).updated(
                    gateway,
                    changed,
                    in: gateway.networkID,
                    db
                )
            }
        }
    }

    /// What peers did since the last report. Ids of deleted peers are passed over.
    package func report(peers: [PeerReport]) async throws {
        try await store.write { db in
            var gateways: [GatewayID: GatewayActivity] = [:]
            for report in peers {
                let gateway = try NodeTables.addActivity(PeerActivity(report), of: report.id, db)
                guard let gateway else { continue }
                gateways[gateway, default: GatewayActivity()].add(report)
            }
            for (gateway, activity) in gateways {
                try NodeTables.addActivity(activity, of: gateway, db)
            }
        }
    }

    /// Nil for an object that is gone: its deletion has a later revision and comes by itself.
    private func nodeChange(
        _ change: Changes.Change,
        _ db: any SQLConnection
    ) throws -> NodeChange? {
        switch (change.object, change.isDeleted) {
        case (.gateway(let id), false):
            try NodeTables.gateway(id, db).map { .gatewayPut(try provision($0)) }
        case (.gateway(let id), true):
            .gatewayDeleted(id)
        case (.peer(let id), false):
            try NodeTables.peer(id, db).map { .peerPut(try provision($0)) }
        case (.peer(let id), true):
            .peerDeleted(id)
        }
    }

    private func provision(_ gateway: NodeTables.SealedGateway) throws -> GatewayProvision {
        GatewayProvision(
            id: gateway.id,
            networkID: gateway.networkID,
            privateKey: try masterKey.open(
                gateway.sealedPrivateKey,
                for: .gatewayPrivateKey,
                of: gateway.id
            ),
            port: gateway.port,
            serverAddress: SubnetPlan.serverAddress(in: gateway.subnet),
            subnet: gateway.subnet,
            mtu: gateway.mtu,
            status: gateway.status
        )
    }

    private func provision(_ peer: NodeTables.SealedPeer) throws -> PeerProvision {
        PeerProvision(
            id: peer.id,
            gatewayID: peer.gatewayID,
            publicKey: peer.publicKey,
            presharedKey: try peer.sealedPresharedKey.map {
                try masterKey.open($0, for: .peerPresharedKey, of: peer.id)
            },
            address: peer.address,
            lastEndpoint: peer.lastEndpoint,
            lastSeen: peer.lastSeen
        )
    }
}

extension PeerActivity {
    fileprivate init(_ report: PeerReport) {
        self.init(
            lastSeen: report.lastSeen,
            latestHandshakeAt: report.latestHandshakeAt,
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
