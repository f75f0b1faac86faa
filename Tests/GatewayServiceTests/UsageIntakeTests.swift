import APIContract
import GatewayDomain
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

/// What reports bring is counted for the peer and for its gateway.
@Suite("Usage of peers and gateways")
struct UsageIntakeTests {
    private let fixture: ServiceFixture
    private let network: Network

    init() async throws {
        fixture = try await ServiceFixture()
        network = try await fixture.network()
    }

    private var now: UsageHour { UsageHour(of: fixture.clock.now()) }

    private func report(
        _ bytes: UInt64,
        _ kind: UsageKind = .hairpin,
        of peer: PeerID,
        in hour: UsageHour? = nil
    ) -> PeerReport {
        let counts = UsageCounts(rxPackets: 1, rxBytes: bytes, txPackets: 2, txBytes: 3 * bytes)
        return PeerReport(
            id: peer,
            lastSeen: nil,
            latestHandshakeAt: nil,
            endpoint: nil,
            rxBytesAdded: bytes + 32,
            txBytesAdded: 0,
            usageAdded: HourlyUsage([.init(hour: hour ?? now, kind: kind, counts: counts)])
        )
    }

    /// - Parameter ahead: seconds by which the node's clock is.
    private func count(
        _ reports: PeerReport...,
        sequence: Int64,
        by node: NodeID,
        ahead: Int64 = 0
    ) async throws {
        var content = ReportContent()
        content.peers = reports
        try await fixture.controlPlane.nodeFeed(of: node).count(
            NodeReport(
                number: ReportNumber(generation: "g", sequence: sequence),
                time: fixture.clock.now().advanced(bySeconds: ahead),
                content: content
            )
        )
    }

    private func usage(
        by groups: Set<UsageGrouping> = [],
        hours: Range<UsageHour>? = nil,
        as caller: Caller? = nil,
        _ adjust: (inout UsageFilter) -> Void = { _ in }
    ) async throws -> [UsageRow] {
        let all = now.advanced(by: -100_000)..<now.advanced(by: 1_000)
        var filter = UsageFilter(hours: hours ?? all, groups: groups)
        adjust(&filter)
        let caller = caller ?? fixture.caller
        let page = try #require(Page(size: 250))
        let list = try await fixture.controlPlane.listUsage(filter, page: page, by: caller)
        #expect(list.totalResults == list.elements.count)
        let table = try await fixture.controlPlane.allUsage(filter, atMost: 250, by: caller)
        #expect(table == list.elements)
        return list.elements
    }

    @Test(
        "what the embedded node reports counts for the peer and its gateway, apart by hour and kind"
    )
    func embedded() async throws {
        let gateway = try await fixture.gateway(in: network) { $0.name = .value("entry") }
        let peers = [
            try await fixture.peer(of: gateway) { $0.name = .value("laptop") }.peer.id,
            try await fixture.peer(of: gateway).peer.id,
        ]
        let feed = fixture.controlPlane.nodeFeed
        try await feed.report(peers: [
            report(10, of: peers[0]), report(100, .internet, of: peers[1]),
        ])
        try await feed.report(peers: [report(1, of: peers[0])])
        fixture.clock.advance(seconds: 3_600)
        try await feed.report(peers: [report(1_000, of: peers[0])])

        let total = try #require(try await usage().first)
        #expect(
            total.counts == UsageCounts(rxPackets: 4, rxBytes: 1_111, txPackets: 8, txBytes: 3_333)
        )
        let byPeer = try await usage(by: [.peer, .hour, .kind])
        #expect(byPeer.map(\.counts.rxBytes).sorted() == [11, 100, 1_000])
        let latest = try #require(byPeer.last)
        #expect(latest.peerID == peers[0] && latest.peerName == "laptop" && latest.kind == .hairpin)
        #expect(latest.gatewayID == gateway.id && latest.gatewayName == "entry")
        #expect(latest.networkID == network.id)
        #expect(latest.organizationID == fixture.caller.organizationID)
        #expect(latest.hours == now..<now.advanced(by: 1))
        let byKind = try await usage(by: [.kind])
        #expect(byKind.map(\.counts.rxBytes) == [1_011, 100])
        #expect(byKind.map(\.kind) == [.hairpin, .internet])
        let lastHour = try await usage(hours: now..<now.advanced(by: 1))
        #expect(lastHour.map(\.counts.rxBytes) == [1_000])
        #expect(try await usage { $0.peerID = peers[1] }.map(\.counts.txBytes) == [300])
        let ofPeers = try await usage(by: [.peer]).reduce(into: UsageCounts()) { $0 += $1.counts }
        #expect(try await usage(by: [.gateway]).map(\.counts) == [ofPeers])
    }

    @Test("days and months are told apart by UTC, and an hour without usage has no sum")
    func periods() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer.id
        let month = CalendarMonth(of: fixture.clock.now()).next
        let seconds = month.start.microseconds - fixture.clock.now().microseconds
        fixture.clock.advance(seconds: seconds / 1_000_000 - 1)
        for _ in 0..<3 {
            try await fixture.controlPlane.nodeFeed.report(peers: [report(10, of: peer)])
            fixture.clock.advance(seconds: 86_400)
        }
        let months = try await usage(by: [.month])
        #expect(months.map(\.counts.rxBytes) == [10, 20])
        #expect(months.last?.hours == month.hours)
        let days = try await usage(by: [.day])
        #expect(days.map(\.counts.rxBytes) == [10, 10, 10])
        #expect(days[1].hours.lowerBound == month.hours.lowerBound)
        #expect(days[1].hours.upperBound == month.hours.lowerBound.advanced(by: 24))
        #expect(try await usage(by: [.hour, .peer]).count == 3)
    }

    @Test(
        "usage of a peer and of a gateway that are deleted counts on, also what is reported behind it"
    )
    func deleted() async throws {
        let node = try await fixture.connectedNode("edge").node
        let other = try await fixture.connectedNode("other").node
        let gateway = try await fixture.gateway(in: network) {
            $0.nodeID = .value(node.id)
            $0.name = .value("entry")
        }
        let peers = [
            try await fixture.peer(of: gateway) { $0.name = .value("first") }.peer.id,
            try await fixture.peer(of: gateway) { $0.name = .value("second") }.peer.id,
        ]
        try await count(report(1, of: peers[0]), sequence: 1, by: node.id)
        _ = try await fixture.controlPlane.perform(.deletePeer(peers[0]), by: fixture.caller)
        try await count(report(10, of: peers[0]), sequence: 2, by: node.id)
        _ = try await fixture.move(gateway, to: other.id)
        try await count(report(100, of: peers[0]), sequence: 3, by: node.id)
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        try await count(
            report(1_000, of: peers[0]),
            report(10_000, of: peers[1]),
            sequence: 4,
            by: node.id
        )
        try await count(report(100_000, of: peers[1]), sequence: 1, by: other.id)
        // Another node has never had them.
        let third = try await fixture.connectedNode("third").node
        try await count(report(7, of: peers[0]), report(7, of: peers[1]), sequence: 1, by: third.id)

        let sums = try await usage(by: [.peer])
        #expect(sums.map(\.counts.rxBytes) == [1_111, 110_000])
        #expect(sums.map(\.peerName) == ["first", "second"])
        #expect(sums.allSatisfy { $0.gatewayName == "entry" && $0.gatewayID == gateway.id })
        #expect(try await usage(by: [.gateway]).map(\.counts.rxBytes) == [111_111])
    }

    @Test(
        "hours become days when their time is over, what comes later is added, and days of peers are forgotten once"
    )
    func rollUp() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peers = [
            try await fixture.peer(of: gateway).peer.id,
            try await fixture.peer(of: gateway).peer.id,
        ]
        let feed = fixture.controlPlane.nodeFeed
        let first = now
        for _ in 0..<5 {
            for peer in peers { try await feed.report(peers: [report(10, of: peer)]) }
            fixture.clock.advance(seconds: 3_600)
        }
        fixture.clock.advance(seconds: 9 * 86_400)
        try await feed.report(peers: [report(1, .internet, of: peers[0])])
        let hours = try await usage(by: [.hour])
        #expect(hours.count == 6)
        try await fixture.controlPlane.discardExpired()
        let days = try await usage(by: [.hour])
        #expect(days.dropLast().allSatisfy { $0.hours.isLong(24) } && days.last == hours.last)
        try await feed.report(peers: [report(100, of: peers[1], in: first)])
        try await fixture.controlPlane.discardExpired()
        let byPeer = try await usage(by: [.peer])
        #expect(byPeer.map(\.counts.rxBytes) == [51, 150])
        #expect(try await usage(by: [.gateway]).map(\.counts.rxBytes) == [201])
        #expect(try await usage(by: [.peer, .hour]).map(\.counts.rxBytes).reduce(0, +) == 201)

        fixture.clock.advance(seconds: 401 * 86_400)
        try await fixture.controlPlane.discardExpired()
        #expect(try await usage(by: [.peer]).isEmpty)
        #expect(try await usage(by: [.gateway]).map(\.counts.rxBytes) == [201])
    }

    @Test("any time's sum is that of its hours, while they are kept apart, and behind that")
    func wholeDays() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer.id
        let feed = fixture.controlPlane.nodeFeed
        let first = now
        for number in 0..<60 as Range<UInt64> {
            try await feed.report(peers: [
                report(1 << (number % 30), number % 2 == 0 ? .hairpin : .internet, of: peer)
            ])
            fixture.clock.advance(seconds: 2 * 3_600)
        }
        func compare() async throws {
            for (start, length) in [
                (-30, 200), (0, 24), (5, 3), (7, 40), (20, 50), (24, 24), (30, 90), (47, 2),
                (-90, 91),
            ] as [(Int64, Int64)] {
                let hours = first.advanced(by: start)..<first.advanced(by: start + length)
                let expected = try await usage(by: [.hour], hours: hours).reduce(
                    into: UsageCounts()
                ) {
                    $0 += $1.counts
                }
                for groups: Set<UsageGrouping> in [
                    [], [.gateway], [.network, .kind], [.organization, .day], [.peer],
                ] {
                    let sums = try await usage(by: groups, hours: hours)
                    let sum = sums.reduce(into: UsageCounts()) { $0 += $1.counts }
                    #expect(sum == expected, "\(groups) of \(hours)")
                }
            }
        }
        try await compare()
        // Some days are rolled up, and then all; what comes late is counted in either.
        for days: Int64 in [5, 4] {
            fixture.clock.advance(seconds: days * 86_400)
            try await fixture.controlPlane.discardExpired()
            try await compare()
            for hour in [0, 50, 100] as [Int64] {
                try await feed.report(peers: [
                    report(7, of: peer, in: first.advanced(by: hour))
                ])
            }
            try await compare()
        }
        #expect(try await usage(by: [.hour]).allSatisfy { $0.hours.isLong(24) })
        let left = try await fixture.store.read { db in
            try db.number(
                """
                SELECT (SELECT count(*) FROM usage_gateway_hour)
                    + (SELECT count(*) FROM usage_gateway_recent_day) AS value
                """
            )
        }
        #expect(left == 0)
    }

    @Test("a peer that was deleted long ago is forgotten, one with usage when its usage is")
    func forgotten() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peers = [
            try await fixture.peer(of: gateway).peer.id,
            try await fixture.peer(of: gateway).peer.id,
        ]
        try await fixture.controlPlane.nodeFeed.report(peers: [report(10, of: peers[0])])
        for peer in peers {
            _ = try await fixture.controlPlane.perform(.deletePeer(peer), by: fixture.caller)
        }
        func known() async throws -> [PeerID] {
            try await fixture.store.read { db in
                try db.rows("SELECT peer_id FROM metered_peer ORDER BY number")
                    .map { try $0.value("peer_id") }
            }
        }
        try await fixture.controlPlane.discardExpired()
        #expect(try await known() == peers)
        fixture.clock.advance(seconds: 61 * 86_400)
        try await fixture.controlPlane.discardExpired()
        #expect(try await known() == [peers[0]])
        fixture.clock.advance(seconds: 401 * 86_400)
        try await fixture.controlPlane.discardExpired()
        #expect(try await known() == [])
        #expect(try await usage().map(\.counts.rxBytes) == [10])
    }

    @Test("what is reported of a peer that was deleted long ago counts no more")
    func longDeleted() async throws {
        let peer = try await fixture.peer(of: fixture.gateway(in: network)).peer.id
        let feed = fixture.controlPlane.nodeFeed
        _ = try await fixture.controlPlane.perform(.deletePeer(peer), by: fixture.caller)
        for bytes: UInt64 in [1, 10] {
            try await feed.report(peers: [report(bytes, of: peer)])
            fixture.clock.advance(seconds: 61 * 86_400)
        }
        #expect(try await usage(by: [.peer]).map(\.counts.rxBytes) == [1])
    }

    @Test("a report that comes again adds no usage")
    func once() async throws {
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let peer = try await fixture.peer(of: gateway).peer.id
        for sequence: Int64 in [1, 1, 3, 2, 3] {
            try await count(report(5, of: peer), sequence: sequence, by: node.id)
        }
        #expect(try await usage().map(\.counts.rxBytes) == [10])
    }

    @Test("what a node reports of another node's peers is nobody's usage")
    func foreign() async throws {
        let node = try await fixture.connectedNode("edge").node
        let peer = try await fixture.peer(of: fixture.gateway(in: network)).peer.id
        try await count(report(5, of: peer), sequence: 1, by: node.id)
        #expect(try await usage().map(\.counts) == [UsageCounts()])
        #expect(try await usage(by: [.peer]).isEmpty)
    }

    @Test(
        "usage of an absurd hour counts in the first hour of its node or in the present one, and absurd counts are read"
    )
    func hostile() async throws {
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let peer = try await fixture.peer(of: gateway).peer.id
        let first = UsageHour(of: node.createdAt)
        fixture.clock.advance(seconds: 10 * 3_600)
        try await count(
            report(5, of: peer, in: UsageHour(number: 0)),
            report(7, of: peer, in: UsageHour.ofCalendars.upperBound),
            sequence: 1,
            by: node.id
        )
        let hours = try await usage(by: [.hour])
        #expect(hours.map(\.hours.lowerBound) == [first, now])
        #expect(hours.map(\.counts.rxBytes) == [5, 7])
        for sequence in 2...9 as ClosedRange<Int64> {
            try await count(
                report(UInt64(Int64.max) / 4, of: peer),
                sequence: sequence,
                by: node.id
            )
        }
        #expect(try await usage(by: [.peer, .hour]).last?.counts.rxBytes == UsageCounts.most)
        #expect(try await usage(by: [.hour]).last?.counts.rxBytes == UsageCounts.most)
    }

    @Test("a day in which several hours have absurd counts has the sum of what is kept of them")
    func absurdDay() async throws {
        let peer = try await fixture.peer(of: fixture.gateway(in: network)).peer.id
        let midnight = UsageHour(number: now.number / UsageHour.inDay * UsageHour.inDay)
        let hours = (1...3).map { midnight.advanced(by: -$0) }
        try await fixture.controlPlane.nodeFeed.report(
            peers: hours.map { report(UsageCounts.most + 1, of: peer, in: $0) }
        )
        let sums = try await usage(by: [.hour]).map(\.counts.rxBytes)
        #expect(sums == hours.map { _ in UsageCounts.most })
        #expect(try await usage(by: [.day]).map(\.counts.rxBytes) == [sums.reduce(0, +)])
    }

    @Test(
        "late usage of one hour is one correction, however often it comes in a report and in others"
    )
    func corrections() async throws {
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let peer = try await fixture.peer(of: gateway).peer.id
        let used = now
        try await fixture.controlPlane.discardExpired()
        fixture.clock.advance(seconds: 40 * 86_400)
        try await fixture.controlPlane.discardExpired()
        for sequence: Int64 in 1...3 {
            let late = report(5, of: peer, in: used)
            try await count(late, late, sequence: sequence, by: node.id)
        }
        let corrections = try await fixture.store.read { db in
            try db.rows("SELECT rx_bytes FROM usage_correction").map {
                try $0.value("rx_bytes") as Int64
            }
        }
        #expect(corrections == [30])
        #expect(try await usage().map(\.counts.rxBytes) == [30])
    }

    @Test("hours of a node whose clock is wrong are those of the server's clock")
    func wrongClock() async throws {
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        let peer = try await fixture.peer(of: gateway).peer.id
        fixture.clock.advance(seconds: 100 * 3_600)
        for (sequence, hours) in [(1, 50), (2, -50)] as [(Int64, Int64)] {
            let used = now.advanced(by: hours - sequence)
            try await count(
                report(5, of: peer, in: used),
                sequence: sequence,
                by: node.id,
                ahead: hours * 3_600
            )
        }
        let hours = try await usage(by: [.hour]).map(\.hours.lowerBound)
        #expect(hours == [now.advanced(by: -2), now.advanced(by: -1)])
    }

    @Test(
        "counts that are too many for a sum keep nobody from reading, from rolling up and from costs"
    )
    func hugeSum() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer.id
        try await fixture.controlPlane.nodeFeed.report(peers: [report(1, of: peer)])
        try await fixture.controlPlane.discardExpired()
        let (first, most) = (now.number - 9_000, Int64(UsageCounts.most))
        try await fixture.store.write { db in
            for (table, subject) in [
                ("usage_gateway_hour", "gateway"), ("usage_peer_hour", "peer"),
            ] as [(SQL, SQL)] {
                try db.execute(
                    """
                    INSERT INTO \(table) (\(subject), hour, kind, rx_packets, rx_bytes, tx_packets, tx_bytes)
                    WITH RECURSIVE hours (hour) AS (
                        SELECT CAST(\(first) AS BIGINT) UNION ALL
                        SELECT hour + 1 FROM hours WHERE hour < \(first + 8_900))
                    SELECT 1, hour, 4, 1, \(most), 0, \(most) FROM hours
                    """
                )
            }
            try db.execute(
                """
                INSERT INTO usage_gateway_recent_day (gateway, day, kind, rx_packets, rx_bytes, tx_packets, tx_bytes)
                SELECT gateway, hour / 24, kind, CAST(sum(rx_packets) AS BIGINT), CAST(sum(rx_bytes) AS BIGINT),
                    CAST(sum(tx_packets) AS BIGINT), CAST(sum(tx_bytes) AS BIGINT)
                FROM usage_gateway_hour WHERE hour <= \(first + 8_900) GROUP BY gateway, hour / 24, kind
                """
            )
        }
        for groups: Set<UsageGrouping> in [[.gateway], [.peer]] {
            let sum = try #require(try await usage(by: groups).first).counts
            #expect(sum.rxPackets == 8_902 && sum.rxBytes >= 1 << 62 && sum.txBytes >= 1 << 62)
        }
        let costs = try await fixture.controlPlane.listCosts(
            in: nil,
            ofAll: false,
            page: .first,
            by: fixture.caller
        )
        #expect(costs.elements.count == 1)
        // Each of its hours would be a transaction.
        try await fixture.store.write { db in _ = try db.execute("DELETE FROM usage_peer_hour") }
        try await fixture.controlPlane.discardExpired()
        #expect(try await usage(by: [.gateway]).map(\.counts.rxPackets) == [8_902])
    }

    @Test("another organization sees none of it, and an admin of all sees whose it is")
    func scopes() async throws {
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer.id
        try await fixture.controlPlane.nodeFeed.report(peers: [report(5, of: peer)])
        let stranger = try await fixture.stranger()
        #expect(try await usage(by: [.peer], as: stranger).isEmpty)
        for adjust: (inout UsageFilter) -> Void in [
            { $0.peerID = peer }, { $0.gatewayID = gateway.id }, { $0.networkID = network.id },
            { $0.peerID = .random() },
        ] {
            await #expect(throws: ServiceError.notFound) {
                _ = try await usage(as: stranger, adjust)
            }
        }
        // A peer without usage is there all the same.
        let silent = try await fixture.peer(of: gateway).peer.id
        #expect(try await usage { $0.peerID = silent }.map(\.counts) == [UsageCounts()])
        let own = try await usage(by: [.organization], as: fixture.caller)
        #expect(own.map(\.organizationID) == [fixture.caller.organizationID])
        let all = try await usage(by: [.organization], as: stranger)
        #expect(all.map(\.counts.rxBytes) == [5], "it is an admin, too")
    }
}

extension Range<UsageHour> {
    fileprivate func isLong(_ hours: Int64) -> Bool {
        upperBound.number - lowerBound.number == hours
    }
}
