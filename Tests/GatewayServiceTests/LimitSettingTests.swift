import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import NodeProtocol
import ServiceTestSupport
import Testing

/// Limits are set for peers, gateways and organizations, and reach the nodes.
@Suite("Limits of peers, gateways and organizations")
struct LimitSettingTests {
    private let fixture: ServiceFixture
    private let gateway: Gateway
    private let peer: PeerID

    init() async throws {
        fixture = try await ServiceFixture()
        gateway = try await fixture.gateway(in: fixture.network())
        peer = try await fixture.peer(of: gateway).peer.id
    }

    private var subjects: [LimitSubject] {
        [.peer(peer), .gateway(gateway.id), .organization(gateway.organizationID)]
    }

    private static let rates: KeyValuePairs<String, JSONValue> = [
        "rx_rate": .integer(1_000_000), "tx_rate": .integer(2_000_000),
    ]

    private func set(
        _ body: KeyValuePairs<String, JSONValue> = rates,
        of subject: LimitSubject,
        by caller: Caller? = nil
    ) async throws -> LimitSetting {
        try await fixture.controlPlane.perform(
            .setLimits(of: subject, NewLimits(reading: body)),
            by: caller ?? fixture.caller
        )
    }

    private func types(since revision: Int64 = 0) async throws -> [String] {
        let page = try #require(Page(size: 250))
        let scope = Scope(organizationID: gateway.organizationID)
        let entries = try await fixture.store.read { db in
            try Events.list(
                in: scope,
                types: Event.ObjectType.allCases,
                filter: EventFilter(),
                page: page,
                db
            ).elements
        }
        return entries.filter { $0.revision > revision }.map {
            "\($0.event.objectType.rawValue).\($0.event.operation.rawValue)"
        }
    }

    private var revision: Int64 {
        get async throws { try await fixture.store.read { try Events.newestRevision($0) } }
    }

    @Test("limits are set in the place of those that are there, and taken away")
    func setAndDelete() async throws {
        for subject in subjects {
            let start = try await revision
            let made = try await set(of: subject)
            #expect(made.limits == UsageLimits(rxRate: 1_000_000, txRate: 2_000_000))
            #expect(try await set(of: subject) == made, "the same again is no change")
            let body: KeyValuePairs<String, JSONValue> = [
                "quota": [
                    "bytes": .integer(1_000_000_000), "action": "throttle",
                    "throttle_rate": .integer(64_000),
                    "reset_day": .integer(15),
                ]
            ]
            let changed = try await set(body, of: subject)
            let quota = MonthlyQuota(bytes: 1_000_000_000, action: .throttle(64_000), resetDay: 15)
            #expect(changed.limits == UsageLimits(quota: quota))
            #expect(changed.createdAt == made.createdAt && changed.updatedAt > made.updatedAt)
            let shown = try await fixture.controlPlane.showLimits(of: subject, by: fixture.caller)
            #expect(shown == changed)
            let deleted = try await fixture.controlPlane.perform(
                .deleteLimits(of: subject),
                by: fixture.caller
            )
            #expect(deleted == changed)
            await #expect(throws: ServiceError.notFound) {
                try await fixture.controlPlane.showLimits(of: subject, by: fixture.caller)
            }
            #expect(
                try await types(since: start) == [
                    "limits.created", "limits.updated", "limits.deleted",
                ]
            )
        }
    }

    @Test("where limits are set that limit nothing, nothing is kept of them")
    func empty() async throws {
        let start = try await revision
        for subject in subjects {
            let none = try await set([:], of: subject)
            #expect(none.limits.isEmpty)
            _ = try await set(of: subject)
            _ = try await set(["quota": .null], of: subject)
            await #expect(throws: ServiceError.notFound) {
                try await fixture.controlPlane.showLimits(of: subject, by: fixture.caller)
            }
        }
        let each = ["limits.created", "limits.deleted"]
        #expect(try await types(since: start) == each + each + each)
        let list = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(list.elements.isEmpty)
    }

    @Test("a row of limits that limits nothing goes when nothing is limited")
    func emptyRow() async throws {
        let row = LimitSetting(
            subject: subjects[1],
            organizationID: gateway.organizationID,
            networkID: gateway.networkID,
            gatewayID: gateway.id,
            limits: UsageLimits(),
            createdAt: fixture.clock.now(),
            updatedAt: fixture.clock.now()
        )
        try await fixture.store.write { try LimitSettings.put(row, $0) }
        _ = try await set([:], of: subjects[1])
        let list = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(list.elements.isEmpty)
    }

    @Test("limits name what they limit, a peer without a name by its address, also in the journal")
    func names() async throws {
        let named = try await fixture.peer(of: gateway) { $0.name = .value("laptop") }.peer
        let organization = try await fixture.store.read { db in
            try Organizations.find(gateway.organizationID, db)
        }
        let expected = [
            try await fixture.controlPlane.showPeer(peer, by: fixture.caller).address.description,
            gateway.name, organization?.name, "laptop",
        ]
        for (subject, name) in zip(subjects + [.peer(named.id)], expected) {
            #expect(try await set(of: subject).subjectName == name)
            let shown = try await fixture.controlPlane.showLimits(of: subject, by: fixture.caller)
            #expect(shown.subjectName == name)
        }
        let list = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(list.elements.map(\.subjectName) == expected)
        _ = try await fixture.controlPlane.perform(.deletePeer(named.id), by: fixture.caller)
        let page = try #require(Page(size: 250))
        let scope = Scope(organizationID: gateway.organizationID)
        let entries = try await fixture.store.read { db in
            try Events.list(
                in: scope,
                types: [.limits],
                filter: EventFilter(),
                page: page,
                db
            ).elements
        }
        let last = try #require(entries.last)
        #expect(last.event.before?.contains(#""subject_name":"laptop""#) == true)
    }

    @Test("limits demand the version of the limits, and that there are some")
    func preconditions() async throws {
        let subject = subjects[0]
        let old = Precondition(versions: [fixture.clock.now()])
        let request = NewLimits(reading: Self.rates)
        await #expect(throws: ServiceError.changedMeanwhile) {
            try await fixture.controlPlane.perform(
                .setLimits(of: subject, request, if: old),
                by: fixture.caller
            )
        }
        let made = try await set(of: subject)
        await #expect(throws: ServiceError.changedMeanwhile) {
            try await fixture.controlPlane.perform(
                .deleteLimits(of: subject, if: old),
                by: fixture.caller
            )
        }
        _ = try await fixture.controlPlane.perform(
            .deleteLimits(of: subject, if: Precondition(versions: [made.updatedAt])),
            by: fixture.caller
        )
    }

    @Test("all that is wrong with limits is reported together, where it stands")
    func mistakes() async throws {
        let problems = await fixture.problems {
            _ = try await set(
                [
                    "rx_rate": .integer(1), "tx_rate": "fast", "connected_peers": .integer(5),
                    "quota": [
                        "bytes": .integer(5), "action": "stop", "throttle_rate": .integer(1),
                        "reset_day": .integer(31),
                    ],
                ],
                of: .peer(peer)
            )
        }
        #expect(
            problems.map(\.pointer).sorted() == [
                "/connected_peers", "/quota/action", "/quota/bytes", "/quota/reset_day",
                "/quota/throttle_rate", "/rx_rate", "/tx_rate",
            ]
        )
        let rate = await fixture.problems {
            _ = try await set(
                ["quota": ["bytes": .integer(1_000_000), "action": "throttle"]],
                of: .peer(peer)
            )
        }
        #expect(rate.map(\.pointer) == ["/quota/throttle_rate"])
        let other = await fixture.problems {
            _ = try await set(
                [
                    "quota": [
                        "bytes": .integer(1_000_000), "action": "block",
                        "throttle_rate": .integer(64_000),
                    ]
                ],
                of: .peer(peer)
            )
        }
        #expect(other.map(\.pointer) == ["/quota/throttle_rate"])
        #expect(try await types().contains("limits.created") == false)
    }

    @Test(
        "limits of another organization are not there, and an organization's own are for admins to set"
    )
    func tenants() async throws {
        for subject in subjects { _ = try await set(of: subject) }
        let organization = Organization(
            id: .random(),
            name: "tenant",
            createdAt: fixture.clock.now(),
            updatedAt: fixture.clock.now()
        )
        try await fixture.store.write { try Organizations.insert(organization, $0) }
        let tenant = try await Caller.stored(
            .owner,
            of: organization.id,
            at: fixture.clock.now(),
            in: fixture.store
        )
        for subject in subjects {
            await #expect(throws: ServiceError.notFound) {
                try await fixture.controlPlane.showLimits(of: subject, by: tenant)
            }
        }
        for subject in subjects.dropLast() {
            await #expect(throws: ServiceError.notFound) {
                try await set(of: subject, by: tenant)
            }
            await #expect(throws: ServiceError.notFound) {
                try await fixture.controlPlane.perform(.deleteLimits(of: subject), by: tenant)
            }
        }
        let own = LimitSubject.organization(organization.id)
        await #expect(throws: ServiceError.forbidden(has: .owner, needs: .admin)) {
            try await set(of: own, by: tenant)
        }
        let limited = try await set(["connected_peers": .integer(7)], of: own)
        #expect(try await fixture.controlPlane.showLimits(of: own, by: tenant) == limited)
        let list = try await fixture.controlPlane.listLimits(page: .first, by: tenant)
        #expect(list.elements == [limited])
        let all = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(all.elements.map(\.subject) == subjects)
        let peers = try await fixture.controlPlane.listLimits(
            LimitFilter(kind: .peer),
            page: .first,
            by: fixture.caller
        )
        #expect(peers.elements.map(\.subject) == [subjects[0]])
        for (id, found) in [(subjects[1].id, [subjects[1]]), (own.id, []), ("none", [])] {
            let one = try await fixture.controlPlane.listLimits(
                LimitFilter(subjectID: id),
                page: .first,
                by: fixture.caller
            )
            #expect(one.elements.map(\.subject) == found)
        }
    }

    @Test("limits go with what they limit, and the journal says so")
    func deletion() async throws {
        let other = try await fixture.peer(of: gateway).peer.id
        for subject in [.peer(other)] + subjects { _ = try await set(of: subject) }
        var start = try await revision
        _ = try await fixture.controlPlane.perform(.deletePeer(other), by: fixture.caller)
        #expect(try await types(since: start) == ["limits.deleted", "wireguard_peer.deleted"])
        start = try await revision
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        #expect(
            try await types(since: start) == [
                "limits.deleted", "wireguard_peer.deleted", "limits.deleted",
                "wireguard_interface.deleted",
            ]
        )
        let list = try await fixture.controlPlane.listLimits(page: .first, by: fixture.caller)
        #expect(list.elements.map(\.subject) == [subjects[2]])
    }

    @Test(
        "a change of limits reaches the node that carries what is limited, and outdates no config"
    )
    func feed() async throws {
        let node = try await fixture.connectedNode("edge").node
        let distant = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let second = try await fixture.gateway(in: fixture.network())
        let feed = fixture.controlPlane.nodeFeed
        let config = try await fixture.controlPlane.showPeer(peer, by: fixture.caller).config
        for (subject, changes) in [
            (subjects[0], ["peer+ \(peer)"]), (subjects[1], ["gateway+ \(gateway.id)"]),
            (subjects[2], ["gateway+ \(gateway.id)", "gateway+ \(second.id)"]),
        ] {
            let start = try await revision
            let limits = try await set(
                ["quota": ["bytes": .integer(1_000_000), "action": "block"]],
                of: subject
            )
            let news = try #require(try await feed.changes(after: start))
            #expect(news.changes.map(\.summary) == changes)
            #expect(
                news.changes.flatMap { $0.limits ?? [] }.contains(
                    LimitProvision(limits: limits.limits, use: limits.use)
                )
            )
            let elsewhere = try await fixture.controlPlane.nodeFeed(of: node.id).changes(
                after: start
            )
            let expected = subject.kind == .organization ? ["gateway+ \(distant.id)"] : []
            #expect(elsewhere?.changes.map(\.summary) == expected)
        }
        let snapshot = try await feed.snapshot()
        #expect(snapshot.peers.map { $0.limits != nil } == [true])
        #expect(
            snapshot.gateways.map { [$0.limits != nil, $0.organizationLimits != nil] }
                == [[true, true], [false, true]]
        )
        #expect(snapshot.gateways.allSatisfy { $0.organizationID == gateway.organizationID })
        let start = try await revision
        for subject in subjects {
            _ = try await fixture.controlPlane.perform(
                .deleteLimits(of: subject),
                by: fixture.caller
            )
        }
        let news = try #require(try await feed.changes(after: start))
        #expect(news.changes.count == 3 && news.changes.compactMap(\.limits).isEmpty)
        #expect(try await fixture.controlPlane.showPeer(peer, by: fixture.caller).config == config)
    }

    @Test("a gateway that comes to another node brings the limits of its peers")
    func move() async throws {
        let node = try await fixture.connectedNode("edge").node
        for subject in subjects { _ = try await set(of: subject) }
        let start = try await revision
        _ = try await fixture.move(gateway, to: node.id)
        let news = try #require(
            try await fixture.controlPlane.nodeFeed(of: node.id).changes(after: start)
        )
        #expect(news.changes.flatMap { $0.limits ?? [] }.count == 3)
    }

    @Test(
        "limits that are set behind a move do not hide the move from the node that had the gateway"
    )
    func limitsBehindMove() async throws {
        let node = try await fixture.connectedNode("edge").node
        let start = try await revision
        _ = try await fixture.move(gateway, to: node.id)
        for subject in subjects { _ = try await set(of: subject) }
        let left = try #require(try await fixture.controlPlane.nodeFeed.changes(after: start))
        #expect(left.changes.map(\.summary) == ["gateway- \(gateway.id)"])
        let taken = try #require(
            try await fixture.controlPlane.nodeFeed(of: node.id).changes(after: start)
        )
        #expect(taken.changes.map(\.summary).contains("gateway+ \(gateway.id)"))
        #expect(taken.changes.map(\.summary).contains("peer+ \(peer)"))
    }

    @Test("limits that are set meanwhile do not outdate the report that a gateway is in service")
    func reportBehindLimits() async throws {
        let start = try await revision
        _ = try await set(of: .gateway(gateway.id))
        try await fixture.controlPlane.nodeFeed.report(
            gateways: [GatewayReport(id: gateway.id, status: .provisioned, reason: nil)],
            asOf: start
        )
        let shown = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(shown.status == .provisioned)
    }
}

extension NodeChange {
    /// What it says of limits.
    fileprivate var limits: [LimitProvision]? {
        let all =
            switch self {
            case .gatewayPut(let gateway): [gateway.limits, gateway.organizationLimits]
            case .peerPut(let peer): [peer.limits]
            default: [] as [LimitProvision?]
            }
        let some = all.compactMap(\.self)
        return some.isEmpty ? nil : some
    }
}
