import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import Testing

@Suite(
    "A damaged row is left out and said, and the rest goes on",
    .onlyOnSQLite("PostgreSQL stores only values of a column's type, and within its constraints")
)
struct DamagedRowTests {
    @Test(
        "a gateway with a damaged row is left out with a reason, and the node gets all others",
        arguments: [
            ("sealed_private_key", "zeroblob(60)"), ("sealed_private_key", "x''"),
            ("sealed_private_key", "'text'"), ("port", "0"), ("port", "'many'"),
            ("port", "70000"), ("subnet", "'nowhere'"), ("subnet", "'255.255.255.255/32'"),
            ("subnet", "x'00'"), ("mtu", "0"), ("mtu", "99999999999"), ("mtu", "'much'"),
            ("status", "'odd'"),
        ]
    )
    func gateway(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let (damaged, healthy) = try await fixture.twoGateways()
        let peer = try await fixture.peer(of: healthy).peer
        try await fixture.damage("gateway", damaged.id, column, value)

        let snapshot = try await feed.snapshot()
        #expect(snapshot.gateways.map(\.id) == [healthy.id])
        #expect(snapshot.peers.map(\.id) == [peer.id])
        #expect(snapshot.leftOut.map(\.summary) == ["gateway! \(damaged.id)"])
        _ = try await feed.snapshot()
        #expect(fixture.store.damage.count == 1, "it is said once")

        let reports = [damaged, healthy].map {
            GatewayReport(id: $0.id, status: .provisioning, reason: "why")
        }
        try await feed.report(gateways: reports)
        #expect(try await fixture.statusReason(of: damaged.id) == "why")
        #expect(try await fixture.statusReason(of: healthy.id) == "why")
    }

    @Test(
        "a peer with a damaged row is left out with a reason, and the node gets all others",
        arguments: [
            ("sealed_preshared_key", "zeroblob(60)"), ("sealed_preshared_key", "x'00'"),
            ("sealed_preshared_key", "1"), ("public_key", "'short'"), ("address", "-1"),
            ("address", "'10.0.0.1'"), ("endpoint", "'everywhere'"), ("endpoint", "x'00'"),
            ("last_seen", "'never'"),
        ]
    )
    func peer(column: String, value: String) async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let (gateway, _) = try await fixture.twoGateways()
        let damaged = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        let healthy = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        try await fixture.damage("peer", damaged.id, column, value)

        let snapshot = try await feed.snapshot()
        #expect(snapshot.gateways.count == 2)
        #expect(snapshot.peers.map(\.id) == [healthy.id])
        guard case .peerLeftOut(damaged.id, of: gateway.id, let reason) = snapshot.leftOut.first
        else {
            Issue.record("\(snapshot.leftOut)")
            return
        }
        #expect(reason.contains("\(damaged.id)"))
        #expect(fixture.store.damage.count == 1)

        let seen = Timestamp(microseconds: 7)
        try await feed.report(
            peers: [damaged, healthy].map {
                PeerReport(
                    id: $0.id,
                    lastSeen: seen,
                    latestHandshakeAt: nil,
                    endpoint: nil,
                    rxBytesAdded: 1,
                    txBytesAdded: 1
                )
            }
        )
        let shown = try await fixture.controlPlane.showPeer(healthy.id, by: fixture.caller)
        #expect(shown.activity.lastSeen == seen, "its counters are stored")
    }

    @Test("what has a name that cannot be read is limited all the same")
    func limitedName() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        let rate: KeyValuePairs<String, JSONValue> = ["rx_rate": .integer(1_000_000)]
        _ = try await fixture.controlPlane.perform(
            .setLimits(of: .peer(peer), NewLimits(reading: rate)),
            by: fixture.caller
        )
        try await fixture.damage("peer", peer, "name", "x'ff'")
        let snapshot = try await fixture.controlPlane.nodeFeed.snapshot()
        #expect(snapshot.peers.map { $0.limits?.limits.rxRate } == [1_000_000])
        let list = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(list.elements.map(\.limits.rxRate) == [1_000_000])
        #expect(list.elements.map(\.subjectName) == [nil])
    }

    @Test("a change of a damaged row reaches the node among the others")
    func changes() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let (gateway, _) = try await fixture.twoGateways()
        let revision = try await feed.snapshot().revision
        let damaged = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        let healthy = try await fixture.peer(of: gateway).peer
        try await fixture.damage("peer", damaged.id, "sealed_preshared_key", "zeroblob(60)")
        let news = try await feed.changes(after: revision)
        #expect(news?.changes.map(\.summary) == ["peer! \(damaged.id)", "peer+ \(healthy.id)"])
    }

    @Test("a journal entry without a readable object id makes the node start over")
    func journal() async throws {
        let fixture = try await ServiceFixture()
        let feed = fixture.controlPlane.nodeFeed
        let (gateway, _) = try await fixture.twoGateways()
        let revision = try await feed.snapshot().revision
        let peer = try await fixture.peer(of: gateway).peer
        try await fixture.store.write { db in
            try db.executeScript(
                "UPDATE event SET object_id = 'lost' WHERE object_id = '\(peer.id)'"
            )
        }
        #expect(try await feed.changes(after: revision) == nil)
        let snapshot = try await feed.snapshot()
        #expect(snapshot.peers.map(\.id) == [peer.id])
        #expect(try await feed.changes(after: snapshot.revision) != nil)
    }

    @Test("a list leaves out a damaged row and shows all others")
    func lists() async throws {
        let fixture = try await ServiceFixture()
        let (controlPlane, caller) = (fixture.controlPlane, fixture.caller)
        let page = try #require(Page())
        let (damaged, healthy) = try await fixture.twoGateways()
        let peers = [
            try await fixture.peer(of: healthy).peer, try await fixture.peer(of: healthy).peer,
        ]
        let networks = [try await fixture.network(), try await fixture.network()]
        _ = try await fixture.stranger()
        try await fixture.damage("gateway", damaged.id, "public_key", "'short'")
        try await fixture.damage("peer", peers[0].id, "public_key", "'short'")
        try await fixture.damage("network", networks[0].id, "address_block", "'nowhere'")
        try await fixture.store.write { db in
            try db.executeScript("UPDATE organization SET created_at = 'x' WHERE name = 'stranger'")
            try db.executeScript("UPDATE event SET occurred_at = 'x' WHERE revision = 2")
        }

        let gateways = try await controlPlane.listGateways(page: page, by: caller)
        #expect(gateways.elements.map(\.id) == [healthy.id])
        let listedPeers = try await controlPlane.listPeers(page: page, by: caller)
        #expect(listedPeers.elements.map(\.id) == [peers[1].id])
        let listedNetworks = try await controlPlane.listNetworks(page: page, by: caller)
        #expect(!listedNetworks.elements.contains { $0.id == networks[0].id })
        #expect(listedNetworks.elements.contains { $0.id == networks[1].id })
        let organizations = try await controlPlane.listOrganizations(
            name: nil,
            page: page,
            by: caller
        )
        #expect(organizations.elements.map(\.id) == [caller.organizationID])
        let events = try await controlPlane.listEvents(
            filter: EventFilter(),
            page: page,
            by: caller
        )
        #expect(events.elements.count == events.totalResults - 1)
        #expect(fixture.store.damage.count == 5)
    }

    @Test(
        "a damaged row of the installation's own region is written anew at the next start",
        arguments: ["name = ''", "created_at = 'once'", "updated_at = x'00'", "area = 5"]
    )
    func region(damage: String) async throws {
        let fixture = try await ServiceFixture()
        let (gateway, _) = try await fixture.twoGateways()
        try await fixture.store.write { try $0.executeScript("UPDATE region SET \(damage)") }
        _ = try await fixture.controlPlane.prepareInstallation(firstKey: nil)
        #expect(
            try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller).id
                == gateway.id
        )
    }

    @Test("a follower of the journal gets every entry behind a damaged one")
    func follow() async throws {
        let fixture = try await ServiceFixture()
        let controlPlane = fixture.controlPlane
        let key = "a-given-key-0001"
        _ = try await controlPlane.prepareInstallation(firstKey: key)
        let caller = try #require(try await controlPlane.authenticate(bearer: key))
        let start = try await controlPlane.startOfEvents(at: nil)
        for _ in 0..<120 { _ = try await fixture.network() }
        try await fixture.store.write { db in
            try db.executeScript(
                "UPDATE event SET occurred_at = 'x' WHERE revision = \(start + 2)"
            )
        }
        var (revision, isNewest) = (start, false)
        var seen: [Int64] = []
        while !isNewest {
            let stretch = try #require(
                try await controlPlane.events(after: revision, by: caller)
            )
            seen += stretch.entries.map(\.revision)
            (revision, isNewest) = (stretch.revision, stretch.isNewest)
        }
        #expect(seen == (start + 1...start + 120).filter { $0 != start + 2 })
    }

    @Test(
        "an installation with an API key in its settings starts with a damaged key's row",
        arguments: [0, 1]
    )
    func bootstrapKey(damaged: Int) async throws {
        let fixture = try await ServiceFixture()
        let keys = ["first-given-key-0001", "second-given-key-0002"]
        for key in keys { _ = try await fixture.controlPlane.prepareInstallation(firstKey: key) }
        let caller = try await fixture.controlPlane.authenticate(bearer: keys[damaged])
        let id = try #require(caller).principal.id
        try await fixture.damage("api_key", id, "role", "'odd'")
        let next = ControlPlane(
            store: fixture.store,
            settings: fixture.settings,
            masterKey: fixture.masterKey,
        )
        let notices = try await next.prepareInstallation(firstKey: keys[0]).notices
        #expect(notices.contains(.givenKeyIsDamaged) == (damaged == 0))
        let opens = try await next.authenticate(bearer: keys[0]) != nil
        #expect(opens == (damaged == 1))
        #expect(fixture.store.damage.count == 1)
    }

    @Test("the traffic of all peers but one with a damaged row is measured")
    func traffic() async throws {
        let fixture = try await ServiceFixture()
        let (damaged, healthy) = try await fixture.twoGateways()
        try await fixture.damage("gateway", damaged.id, "rx_bytes", "'many'")
        let traffic = try await fixture.controlPlane.gatewayTraffic(by: fixture.caller)
        #expect(traffic.map(\.id) == [healthy.id])
    }

    @Test("an installation whose address has changed starts with a damaged gateway's row")
    func bootstrap() async throws {
        let fixture = try await ServiceFixture()
        let (damaged, healthy) = try await fixture.twoGateways()
        try await fixture.damage("gateway", damaged.id, "endpoint_address", "'nowhere'")
        let next = try await ServiceFixture(store: fixture.store, masterKey: fixture.masterKey)
        #expect(try await next.controlPlane.nodeFeed.snapshot().gateways.count == 2)
        _ = try await next.controlPlane.showGateway(healthy.id, by: fixture.caller)
    }
}

extension ServiceFixture {
    fileprivate func twoGateways() async throws -> (Gateway, Gateway) {
        (try await gateway(in: network()), try await gateway(in: network()))
    }

    fileprivate func statusReason(of gateway: GatewayID) async throws -> String? {
        try await store.read { db in
            try db.row("SELECT status_reason FROM gateway WHERE id = \(gateway)")?
                .optional("status_reason")
        }
    }
}
