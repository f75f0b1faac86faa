import GatewayDomain
import GatewayStore
import NetAddress
import Testing

/// What a statement costs shows in its plan, on a busy machine as on an idle one.
struct QueryPlanTests {
    @Test("the queries of a peer's creation read no other peer and scan no table")
    func createPeer() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/16")
        let old = fixture.peer(of: gateway, address: IPv4Address(bits: 0xac1b_0050))
        let later = fixture.start.advanced(bySeconds: SubnetPlan.quarantineSeconds)
        let plans = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            try Peers.insert(old, sealedPresharedKey: nil, db)
            try Peers.delete(old, of: gateway, at: fixture.start, db)
            let explaining = ExplainingConnection(db)
            // Once from the addresses whose quarantine has ended, once from those that nobody had.
            for time in [later, later] {
                let address = try #require(
                    try PeerAddresses.takeLowest(of: gateway, at: time, explaining)
                )
                let peer = fixture.peer(of: gateway, address: address)
                try Peers.insert(peer, sealedPresharedKey: nil, explaining)
            }
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("released_address_rested") })
        #expect(plans.contains { $0.contains("released_address_resting") })
        // Whether the next address is taken is asked of one place in each index.
        let oneStep = [
            "(gateway_id=? AND address=?)", "(network_id=? AND first_address<?)",
            // Whether there is any.
            "SEARCH peer_prefix USING INDEX sqlite_autoindex_peer_prefix_1 (network_id=?)",
            // Only where the number of a gateway's peers cannot be right.
            "SEARCH peer USING COVERING INDEX peer_by_handshake (gateway_id=?)",
        ]
        let others = plans.filter { plan in
            plan.contains("peer") && !oneStep.contains(where: plan.contains)
        }
        #expect(
            others.filter { $0 != "SEARCH peer USING INDEX sqlite_autoindex_peer_1 (id=?)" } == []
        )
        #expect(plans.filter { $0.contains("SCAN") } == [])
    }

    @Test("what a node is told and shows is found without a look at what other nodes have")
    func node() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let plans = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            let explaining = ExplainingConnection(db)
            let hash = [UInt8](repeating: 1, count: 32)
            _ = try NodeTables.gateways(on: fixture.nodeID, explaining)
            _ = try NodeTables.peers(of: gateway.id, explaining)
            let node = GatewayNode.remote(fixture.nodeID, at: fixture.start)
            let ids = (0..<250).map { _ in PeerID.random() }
            let before = explaining.plans.count
            _ = try NodeTables.peers(ids, on: node, explaining)
            let found = explaining.plans[before...].filter { $0.hasPrefix("SEARCH peer USING") }
            #expect(found.count == 3 && found.allSatisfy { $0.hasSuffix("(id=?)") })
            _ = try Changes.arrivals(since: 0, on: fixture.nodeID, explaining)
            _ = try Changes.since(0, on: fixture.nodeID, explaining)
            let limited = ids.map { "\($0)" }
            _ = try NodeTables.gateways(on: fixture.nodeID, limitedAs: limited, explaining)
            _ = try LimitSettings.havingPeersWithQuotas([gateway.id], explaining)
            let subjects: [LimitSubject] = [.gateway(gateway.id), .peer(.random())]
            _ = try LimitSettings.all(of: subjects, readsNames: true, explaining)
            _ = try LimitSettings.all(on: fixture.nodeID, explaining)
            _ = try Gateways.all(on: fixture.nodeID, explaining)
            let scope = Scope(organizationID: gateway.organizationID)
            _ = try Gateways.all([gateway.id, .random()], in: scope, explaining)
            _ = try NodeTables.addLateCounts(
                PeerActivity(),
                of: .random(),
                from: fixture.nodeID,
                explaining
            )
            _ = try NodeCredentials.candidates(forHash: hash, explaining)
            _ = try Nodes.tokens(forHash: hash, explaining)
            _ = try NodeStreams.find(fixture.nodeID, explaining)
            try NodeStreams.noteHeard(of: fixture.nodeID, at: fixture.start, explaining)
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("node_by_token") })
        #expect(plans.contains { $0.contains("node_credential_by_selector") })
        #expect(plans.contains { $0.contains("event_of_object (object_id=? AND revision>?)") })
        #expect(plans.contains { $0.contains("usage_limit_of_gateway (gateway_id=?)") })
        #expect(plans.filter { $0.hasPrefix("SCAN usage_limit") } == [])
        #expect(plans.filter { $0.hasPrefix("SCAN gateway") || $0.hasPrefix("SCAN peer") } == [])
        #expect(plans.filter { $0.hasPrefix("SCAN node") } == [])
    }

    @Test("what a webhook is sent next is found without a look at what others are sent")
    func webhooks() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let plans = try await fixture.store.write { db in
            let explaining = ExplainingConnection(db)
            let (id, organization) = (WebhookID.random(), gateway.organizationID)
            _ = try WebhookEvents.due(
                for: id,
                at: fixture.start,
                upTo: 7,
                limit: 100,
                explaining
            )
            _ = try WebhookEvents.waits(for: id, of: ["a", "b"], explaining)
            _ = try WebhookEvents.count(for: id, explaining)
            _ = try WebhookEvents.backlog(of: id, limit: 100, explaining)
            let webhook = Webhook(
                id: id,
                organizationID: organization,
                name: "alerts",
                url: try WebhookURL("https://example.com/"),
                events: [.all],
                createdAt: fixture.start,
                updatedAt: fixture.start
            )
            _ = try Events.wanted(by: webhook, after: 7, limit: 100, explaining)
            _ = try Events.firstWanted(by: webhook, explaining)
            _ = try Webhooks.skip(upTo: 7, limit: 100, explaining)
            _ = try Webhooks.newestRevisions(explaining)
            _ = try Events.entries([1, 2], of: organization, explaining)
            _ = try WebhookDeliveries.all(of: id, explaining)
            for presence in PeerPresence.allCases {
                _ = try PresentPeers.changed(
                    to: presence,
                    of: organization,
                    at: fixture.start,
                    limit: 1,
                    explaining
                )
            }
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("webhook_event_by_time") })
        #expect(plans.contains { $0.contains("webhook_event_of_object") })
        #expect(plans.contains { $0.contains("peer_by_handshake") })
        // All webhooks are looked at, and of each organization's entries the last one.
        #expect(plans.contains { $0.contains("event_of_organization (organization_id=?)") })
        // What waits in the journal is of a part of the organization's entries, which is read once.
        let range = "event_of_organization (organization_id=? AND revision>? AND revision<?)"
        #expect(plans.contains { $0.contains(range) })
        #expect(
            plans.filter {
                $0.contains("SCAN") && !["SCAN webhook", "SCAN entry", "SCAN oldest"].contains($0)
            }
                == []
        )
    }

    @Test("a peer of a network is found by its address or key without a look at other peers")
    func findInNetwork() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let peer = fixture.peer(of: gateway, address: IPv4Address(bits: 0xac1b_0002))
        let plans = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            try Peers.insert(peer, sealedPresharedKey: nil, db)
            let explaining = ExplainingConnection(db)
            for networks in [nil, [gateway.networkID]] as [Set<NetworkID>?] {
                let scope = Scope(organizationID: gateway.organizationID, networkIDs: networks)
                let network = gateway.networkID
                #expect(try Peers.find(peer.address, in: network, of: scope, explaining) == peer)
                #expect(try Peers.find(peer.publicKey, in: network, of: scope, explaining) == peer)
            }
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("(gateway_id=? AND address=?)") })
        #expect(plans.contains { $0.contains("(gateway_id=? AND public_key=?)") })
        let others = plans.filter { $0.contains("SCAN") || $0.contains("peer_by_age") }
        #expect(others == [])
    }

    @Test("no list of peers by age is sorted, whatever it is filtered by")
    func listPeersByAge() async throws {
        var filters: [PeerFilter] = []
        for gateway in [nil, GatewayID.random()] {
            for name in [nil, "laptop"] {
                for edit in Self.conditions {
                    var filter = PeerFilter()
                    filter.gatewayID = gateway
                    filter.name = name
                    edit(&filter)
                    filters.append(filter)
                }
            }
        }
        let plans = try await plans(of: filters, .oldestFirst)
        #expect(plans.contains { $0.contains("peer_by_age") })
        #expect(plans.contains { $0.contains("peer_of_gateway") })
        #expect(plans.contains { $0.contains("peer_by_name") })
        #expect(plans.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") } == [])
    }

    @Test(
        "the lists of all peers by name and by address are read from an index, in both directions",
        arguments: [(PeerSortMember.name, "peer_by_name"), (.address, "peer_by_address")]
    )
    func listPeersInOrder(member: PeerSortMember, index: String) async throws {
        let filters = Self.conditions.map { edit in
            var filter = PeerFilter()
            edit(&filter)
            return filter
        }
        for isDescending in [false, true] {
            let order = ListOrder(by: member, isDescending: isDescending)
            let plans = try await plans(of: filters, order)
            #expect(plans.contains { $0.contains(index) })
            #expect(plans.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") } == [])
        }
    }

    @Test(
        "an order without an index looks at the rows as they lie, and works columns out for one page"
    )
    func listPeersBySorting() async throws {
        for member in [PeerSortMember.lastSeen, .rxBytes, .txBytes] {
            let plans = try await plans(of: [PeerFilter()], ListOrder(by: member))
            #expect(plans.contains { $0.contains("USING INDEX peer_by_age (organization_id=?)") })
            #expect(plans.contains { $0.hasPrefix("LIST SUBQUERY") })
            #expect(plans.contains("SEARCH peer USING INDEX sqlite_autoindex_peer_1 (id=?)"))
        }
    }

    @Test("peers that are asked for by their ids are found by these in every order")
    func listPeersByID() async throws {
        var filter = PeerFilter()
        filter.ids = [.random(), .random()]
        for member in PeerSortMember.allCases {
            let plans = try await plans(of: [filter], ListOrder(by: member))
                .filter { $0.contains(" peer ") && !$0.contains("sqlite_autoindex_peer_1 (id=?)") }
            #expect(!plans.isEmpty)
            #expect(
                plans.allSatisfy {
                    $0.contains("peer_of_organization (id=? AND organization_id=?)")
                }
            )
        }
    }

    @Test("what meets a filter is counted over the rows as they lie")
    func countFiltered() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let plans = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            for index in 2..<4 {
                let address = IPv4Address(bits: 0xac1b_0000 + UInt32(index))
                try Peers.insert(
                    fixture.peer(of: gateway, address: address),
                    sealedPresharedKey: nil,
                    db
                )
            }
            let explaining = ExplainingConnection(db)
            var filter = PeerFilter()
            filter.search = "172"
            let one = try #require(Page(number: 1, size: 1))
            for id in [nil, gateway.id] {
                filter.gatewayID = id
                let list = try Peers.list(
                    in: Scope(organizationID: fixture.organizationID),
                    filter,
                    at: fixture.start,
                    page: one,
                    explaining
                )
                #expect(list.totalResults == 2)
            }
            return explaining.plans.filter { !$0.contains("gateway USING") }
        }
        let counted = ["peer_by_age (organization_id=?)", "peer_of_gateway (gateway_id=?)"]
        #expect(counted.allSatisfy { index in plans.filter { $0.contains(index) }.count == 2 })
        #expect(plans.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") } == [])
    }

    @Test("how many peers are connected, silent or were never heard is counted in an index")
    func countConnections() async throws {
        let filters = PeerConnection.allCases.map { connection in
            var filter = PeerFilter()
            filter.connection = connection
            return filter
        }
        let plans = try await plans(of: filters, .oldestFirst)
        let counts = plans.filter { $0.contains("peer_by_handshake") }
        #expect(counts.count == 2 * filters.count)
        #expect(counts.filter { !$0.contains("COVERING") } == [])
        let fixture = try await StoreFixture(store: .inMemory())
        let overview = try await fixture.store.read { db in
            let explaining = ExplainingConnection(db)
            let scope = Scope(organizationID: fixture.organizationID)
            _ = try Overviews.peers(in: scope, at: fixture.start, explaining)
            return explaining.plans
        }
        #expect(overview.filter { $0.contains(" peer ") && !$0.contains("COVERING") } == [])
    }

    /// Conditions by what the peers themselves have; the first is none.
    private static var conditions: [(inout PeerFilter) -> Void] {
        let simple: [(inout PeerFilter) -> Void] = [
            { _ in }, { $0.nameContains = "lap" }, { $0.search = "172.2" },
            { $0.lastSeenBefore = Timestamp(microseconds: 1) },
        ]
        return simple
            + ConfigState.allCases.map { state in { $0.configState = state } }
            + PeerConnection.allCases.map { connection in { $0.connection = connection } }
    }

    /// For a key that sees everything, and for one that sees a network.
    private func plans(
        of filters: [PeerFilter],
        _ order: ListOrder<PeerSortMember>
    ) async throws -> [String] {
        let fixture = try await StoreFixture(store: .inMemory())
        return try await fixture.store.read { db in
            let explaining = ExplainingConnection(db)
            for networks in [nil, [NetworkID.random()]] as [Set<NetworkID>?] {
                let scope = Scope(organizationID: fixture.organizationID, networkIDs: networks)
                for filter in filters {
                    _ = try Peers.list(
                        in: scope,
                        filter,
                        order: order,
                        at: fixture.start,
                        page: .first,
                        explaining
                    )
                }
            }
            return explaining.plans
        }
    }
}

extension QueryPlanTests {
    @Test("links are found by an index, by their secrets and by their end")
    func links() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/16")
        let peer = fixture.peer(of: gateway, address: IPv4Address(bits: 0xac1b_0050))
        let hash = [UInt8](repeating: 1, count: 32)
        let plans = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            try Peers.insert(peer, sealedPresharedKey: nil, db)
            let explaining = ExplainingConnection(db)
            _ = try PeerShares.candidates(forHash: hash, explaining)
            _ = try PeerConfigURLs.candidates(forHash: hash, explaining)
            _ = try PeerShares.count(of: peer, explaining)
            _ = try PeerShares.trim(expiredBefore: fixture.start, limit: 10, explaining)
            try ConfigRevisions.noteFetch(of: peer.id, revision: 1, fullTunnel: true, explaining)
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("peer_share_by_selector") })
        #expect(plans.contains { $0.contains("config_url_by_selector") })
        #expect(plans.filter { $0.contains("SCAN") } == [])
    }

    @Test(
        "sign-ins and the cookies of sessions are found by an index, and lists of both are sorted by one"
    )
    func signingIn() async throws {
        let fixture = try await StoreFixture(store: .inMemory())
        let organization = fixture.organizationID
        let user = User(
            id: .random(),
            organizationID: organization,
            name: "Ada",
            role: .viewer,
            createdAt: fixture.start,
            updatedAt: fixture.start
        )
        let hash = [UInt8](repeating: 1, count: 32)
        let plans = try await fixture.store.write { db in
            try Users.insert(user, db)
            let explaining = ExplainingConnection(db)
            for principal in [Principal.user(user.id), .apiKey(.random())] {
                _ = try Sessions.list(
                    of: principal,
                    in: organization,
                    page: .first,
                    explaining
                )
            }
            _ = try Sessions.candidates(forHash: hash, explaining)
            _ = try Sessions.sources(
                ofUserNamed: "ada",
                at: Timestamp(microseconds: 1),
                explaining
            )
            _ = try Sessions.trim(endedBefore: fixture.start, limit: 10, explaining)
            _ = try SignInCodes.candidates(forHash: hash, explaining)
            _ = try SignInCodes.trim(endedBefore: fixture.start, limit: 10, explaining)
            try SignInCodes.deleteAll(of: .user(user.id), explaining)
            _ = try Users.candidates(forInvitationHash: hash, explaining)
            #expect(try Users.find(named: "aDA", explaining)?.user == user)
            _ = try Users.list(of: organization, name: nil, page: .first, explaining)
            return explaining.plans
        }
        #expect(plans.contains { $0.contains("session_by_selector") })
        #expect(plans.contains { $0.contains("user_account_by_invitation") })
        #expect(plans.filter { $0.contains("SCAN") && !$0.contains("CONSTANT") } == [])
        #expect(plans.filter { $0.contains("TEMP B-TREE") } == [])
    }
}

extension GatewayNode {
    fileprivate static func remote(_ id: NodeID, at time: Timestamp) -> GatewayNode {
        GatewayNode(
            id: id,
            name: "node",
            regionCodes: ["local"],
            host: .address(.v4(IPv4Address(bits: 0xc000_0201))),
            ports: PortRange(1...2),
            presence: .connected,
            presenceSince: time,
            createdAt: time,
            updatedAt: time
        )
    }
}

/// Runs every statement, and keeps how SQLite means to run it.
private final class ExplainingConnection: SQLConnection {
    private let base: any SQLConnection
    private(set) var plans: [String] = []

    var damage: DamagedRows { base.damage }
    var totalChanges: Int { base.totalChanges }
    var time: Timestamp? { base.time }

    init(_ base: any SQLConnection) {
        self.base = base
    }

    func rows(_ sql: SQL) throws(StoreError) -> [Row] {
        try explain(sql)
        return try base.rows(sql)
    }

    func execute(_ sql: SQL) throws(StoreError) -> Int {
        try explain(sql)
        return try base.execute(sql)
    }

    func executeScript(_ text: String) throws(StoreError) {
        try base.executeScript(text)
    }

    private func explain(_ sql: SQL) throws(StoreError) {
        var explanation: SQL = "EXPLAIN QUERY PLAN "
        explanation.append(sql)
        for row in try base.rows(explanation) {
            plans.append(try row.value("detail"))
        }
    }
}
