import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import NodeProtocol
import ServiceTestSupport
import TestSupport
import Testing
import WireGuardCrypto

struct NodeFeedTests {
    @Test("a snapshot has all gateways and peers that a node needs, with keys that fit")
    func snapshot() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let created = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }
        let snapshot = try await fixture.controlPlane.nodeFeed.snapshot()
        #expect(try await fixture.controlPlane.nodeFeed.changes(after: snapshot.revision) != nil)
        let node = try #require(snapshot.gateways.first)
        #expect(X25519.publicKey(of: node.privateKey) == gateway.publicKey)
        #expect(node.port == gateway.endpoint.port)
        #expect(node.serverAddress == gateway.serverAddress)
        #expect(node.networkID == gateway.networkID)
        #expect(node.mtu == 1420)
        let peer = try #require(snapshot.peers.first)
        #expect(peer.publicKey == created.peer.publicKey)
        #expect(peer.address == created.peer.address)
        #expect(peer.presharedKey?.base64 == created.presharedKey?.base64)
    }

    @Test("a node's changes continue where its snapshot ended, each object once")
    func changes() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let gateway = try await fixture.gateway(in: fixture.network())
        let start = try await feed.snapshot().revision
        let first = try await fixture.peer(of: gateway).peer
        let second = try await fixture.peer(of: gateway).peer
        let changed = try await fixture.controlPlane.perform(
            .updatePeer(first.id, PeerChange()),
            by: fixture.caller
        )
        _ = try await fixture.controlPlane.perform(.deletePeer(second.id), by: fixture.caller)
        let news = try #require(try await feed.changes(after: start))
        #expect(news.changes.map(\.summary) == ["peer+ \(first.id)", "peer- \(second.id)"])
        guard case .peerPut(let provision) = news.changes.first else {
            Issue.record("the first change is the peer's")
            return
        }
        #expect(provision.publicKey == changed.peer.publicKey)
        let rest = try #require(try await feed.changes(after: news.revision))
        #expect(rest.changes.isEmpty)
        #expect(rest.revision == news.revision)
    }

    @Test("a node that has a later revision than the store has to start over")
    func future() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let newest = try await feed.snapshot().revision
        #expect(try await feed.changes(after: newest + 1) == nil)
        #expect(try await feed.changes(after: newest) != nil)
    }

    @Test("a gateway becomes provisioned by the node's report, which the journal records once")
    func reportGateway() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let gateway = try await fixture.gateway(in: fixture.network())
        let revision = try await feed.snapshot().revision
        func report(_ status: InterfaceStatus, _ reason: String?) async throws -> Gateway {
            let report = GatewayReport(id: gateway.id, status: status, reason: reason)
            try await feed.report(gateways: [report])
            return try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        }
        let stuck = try await report(.provisioning, "port 5000 is in use")
        #expect(stuck.statusReason == "port 5000 is in use")
        #expect(stuck.updatedAt > gateway.updatedAt)
        let done = try await report(.provisioned, nil)
        #expect(done.status == .provisioned)
        #expect(done.statusReason == nil)
        let again = try await report(.provisioned, nil)
        #expect(again == done, "saying the same again changes nothing")
        #expect(try await feed.snapshot().revision == revision + 2)
        let unknown = GatewayReport(id: .random(), status: .provisioned, reason: nil)
        try await feed.report(gateways: [unknown])
    }

    @Test("the traffic that a node reports is added up, per peer and per gateway")
    func reportPeers() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let gateway = try await fixture.gateway(in: fixture.network())
        let first = try await fixture.peer(of: gateway).peer
        let second = try await fixture.peer(of: gateway).peer
        let revision = try await feed.snapshot().revision
        let endpoint = try #require(Endpoint("[2001:db8::7]:40000"))
        let handshake = Timestamp(microseconds: 10)
        let seen = Timestamp(microseconds: 20)
        try await feed.report(peers: [
            PeerReport(
                id: first.id,
                lastSeen: seen,
                latestHandshakeAt: handshake,
                endpoint: endpoint,
                rxBytesAdded: 100,
                txBytesAdded: 1,
                egressAdded: EgressBytes(left: 60, entered: 0)
            ),
            PeerReport(
                id: .random(),
                lastSeen: seen,
                latestHandshakeAt: nil,
                endpoint: nil,
                rxBytesAdded: 1_000_000,
                txBytesAdded: 1_000_000
            ),
            Self.bytes(second.id, rx: 7, tx: 0, EgressBytes(left: 1, entered: 2)),
        ])
        try await feed.report(
            peers: [Self.bytes(first.id, rx: 11, tx: 2, EgressBytes(left: 3, entered: 4))]
        )

        let shown = try await fixture.controlPlane.showPeer(first.id, by: fixture.caller)
        #expect(
            shown.activity
                == PeerActivity(
                    lastSeen: seen,
                    latestHandshakeAt: handshake,
                    endpoint: endpoint,
                    rxBytes: 111,
                    txBytes: 3,
                    egress: EgressBytes(left: 63, entered: 4)
                )
        )
        #expect(shown.updatedAt == first.updatedAt)
        _ = try await fixture.controlPlane.perform(.deletePeer(first.id), by: fixture.caller)
        let total = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(
            total.activity
                == GatewayActivity(
                    peersCount: 1,
                    latestHandshakeAt: handshake,
                    rxBytes: 118,
                    txBytes: 3,
                    egress: EgressBytes(left: 64, entered: 6)
                )
        )
        #expect(total.updatedAt == gateway.updatedAt)
        #expect(try await feed.snapshot().revision == revision + 1, "only the deletion counts")
    }

    @Test("the last endpoint of a peer is in the snapshot after a restart")
    func lastEndpoint() async throws {
        let directory = try TemporaryDirectory()
        let masterKey = MasterKey.random()
        let endpoint = try #require(Endpoint("192.0.2.1:1234"))
        let before = try await ServiceFixture(
            store: Store(directory: directory.path),
            masterKey: masterKey
        )
        let gateway = try await before.gateway(in: before.network())
        let peer = try await before.peer(of: gateway).peer
        try await before.controlPlane.nodeFeed.report(peers: [
            PeerReport(
                id: peer.id,
                lastSeen: Timestamp(microseconds: 5),
                latestHandshakeAt: nil,
                endpoint: endpoint,
                rxBytesAdded: 0,
                txBytesAdded: 0
            )
        ])
        let killed = try directory.copyAsAfterKill()
        let after = try await ServiceFixture(
            store: Store(directory: killed.path),
            masterKey: masterKey
        )
        let snapshot = try await after.controlPlane.nodeFeed.snapshot()
        #expect(snapshot.peers.first?.lastEndpoint == endpoint)
        #expect(snapshot.peers.first?.lastSeen == Timestamp(microseconds: 5))
        let shown = try await after.controlPlane.showGateway(gateway.id, by: after.caller)
        #expect(shown.publicKey == gateway.publicKey)
        #expect(shown.endpoint == gateway.endpoint)
        #expect(shown.serverAddress == gateway.serverAddress)
    }

    private static func bytes(
        _ id: PeerID,
        rx: UInt64,
        tx: UInt64,
        _ egress: EgressBytes
    ) -> PeerReport {
        PeerReport(
            id: id,
            lastSeen: nil,
            latestHandshakeAt: nil,
            endpoint: nil,
            rxBytesAdded: rx,
            txBytesAdded: tx,
            egressAdded: egress
        )
    }
}
