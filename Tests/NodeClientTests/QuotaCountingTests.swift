import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import WireGuardCrypto

@testable import NodeClient

/// What a node knows of quotas, with a server that is there now and then.
struct QuotaCountingTests {
    private static let quota = MonthlyQuota(bytes: 1_000_000_000, action: .block)
    private static let (peer, gateway, organization) = (
        PeerID.random(), GatewayID.random(), OrganizationID.random()
    )
    private static let subjects: [LimitSubject] = [
        .peer(peer), .gateway(gateway), .organization(organization),
    ]

    private static func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp("\(text):00:00Z"))
    }

    private static func limits(_ use: QuotaUse?) -> LimitProvision {
        LimitProvision(limits: UsageLimits(quota: quota), use: use)
    }

    private static func snapshot(_ use: QuotaUse?, at revision: Int64 = 10) throws -> NodeSnapshot {
        NodeSnapshot(
            revision: revision,
            objects: [
                .gatewayPut(
                    GatewayProvision(
                        id: gateway,
                        networkID: .random(),
                        privateKey: SecretKey { $0[0] = 1 },
                        port: 5,
                        serverAddress: try InterfaceAddress("10.1.0.1/24"),
                        subnet: try IPv4Prefix("10.1.0.0/24"),
                        mtu: 1420,
                        standing: GatewayStanding(status: .provisioned, reason: nil),
                        organizationID: organization,
                        limits: limits(use),
                        organizationLimits: limits(use)
                    )
                ),
                .peerPut(
                    PeerProvision(
                        id: peer,
                        gatewayID: gateway,
                        publicKey: X25519.publicKey(of: SecretKey { $0[0] = 7 }),
                        presharedKey: nil,
                        address: IPv4Address(bits: 1),
                        lastEndpoint: nil,
                        lastSeen: nil,
                        limits: limits(use)
                    )
                ),
            ]
        )
    }

    private static func report(_ bytes: UInt64, _ time: Timestamp) -> [PeerReport] {
        [
            PeerReport(
                id: peer,
                lastSeen: nil,
                latestHandshakeAt: nil,
                endpoint: nil,
                rxBytesAdded: 0,
                txBytesAdded: 0,
                usageAdded: HourlyUsage([
                    .init(
                        hour: UsageHour(of: time),
                        kind: .hairpin,
                        counts: UsageCounts(rxBytes: bytes)
                    )
                ])
            )
        ]
    }

    private static func saved(_ feed: RemoteNodeFeed) throws -> SavedReports {
        try SavedReports(feed.reports.written)
    }

    private static func start(_ use: QuotaUse?, _ reports: SavedReports? = nil) throws
        -> RemoteNodeFeed
    {
        RemoteNodeFeed(
            SavedFeed(
                place: FeedPlace(timeline: "t", revision: 10),
                settings: NodeSettings(name: "n", egressPool: nil),
                snapshot: try snapshot(use)
            ),
            reports ?? SavedReports(spool: ReportSpool(generation: "g"))
        )
    }

    private static func use(_ bytes: UInt64, _ start: String) throws -> QuotaUse {
        QuotaUse(periodStart: UsageHour(of: try time(start)), bytes: bytes)
    }

    @Test(
        "a node counts by itself what is used of a peer's, a gateway's and an organization's quota"
    )
    func alone() throws {
        let time = try Self.time("2026-11-20T10")
        let feed = try Self.start(try Self.use(100, "2026-11-01T00"))
        #expect(feed.report(peers: Self.report(0, time)).isEmpty)
        for (bytes, sum) in [(5, 105), (7, 112)] as [(UInt64, UInt64)] {
            let uses = feed.report(peers: Self.report(bytes, time))
            let use = try Self.use(sum, "2026-11-01T00")
            #expect(uses == Dictionary(uniqueKeysWithValues: Self.subjects.map { ($0, use) }))
        }
        let later = feed.report(peers: Self.report(3, try Self.time("2026-12-01T00")))
        #expect(later[.gateway(Self.gateway)] == (try Self.use(3, "2026-12-01T00")))
    }

    @Test(
        "what is used is what was reported, whichever answers are lost and whenever the process is killed"
    )
    func exact() async throws {
        var generator = SystemRandomNumberGenerator()
        let time = try Self.time("2026-11-20T10")
        let subject = LimitSubject.organization(Self.organization)
        for _ in 0..<100 {
            var feed = try Self.start(try Self.use(0, "2026-11-01T00"))
            var saved = try Self.saved(feed)
            var server = Counter()
            var sum: UInt64 = 0
            for _ in 0..<40 {
                let bytes = UInt64.random(in: 1...9, using: &generator)
                sum += bytes
                let known = feed.report(peers: Self.report(bytes, time))[subject]
                #expect(known?.bytes == sum)
                let report = try #require(
                    feed.nextReport(at: time, isBeat: false, loadPercent: nil)
                )
                saved = try Self.saved(feed)
                if Bool.random(using: &generator) {
                    let answer = server.take(report)
                    if Bool.random(using: &generator) {
                        let use = try answer.map { try Self.use($0, "2026-11-01T00") }
                        feed.noteArrival(
                            of: report.number,
                            use.map { [subject: $0] } ?? [:],
                            at: time
                        )
                    }
                }
                guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
                // What was told at first is what it finds beside the reports.
                feed = try Self.start(try Self.use(0, "2026-11-01T00"), saved)
                let limits = try await feed.carried.gateways[0].organizationLimits
                #expect(limits?.use?.bytes == sum)
            }
        }
    }

    /// A server that counts each number once.
    private struct Counter {
        var last: Int64 = 0
        var bytes: UInt64 = 0

        /// Nil for a report that was counted already.
        mutating func take(_ report: NodeReport) -> UInt64? {
            guard report.number.sequence > last else { return nil }
            last = report.number.sequence
            for usage in report.content.peers.map(\.usageAdded) {
                bytes += usage.entries.reduce(0) { $0 + $1.counts.rxBytes }
            }
            return bytes
        }
    }

    @Test("what other nodes carried for the organization is known with the next report of any peer")
    func others() throws {
        let time = try Self.time("2026-11-20T10")
        let feed = try Self.start(try Self.use(0, "2026-11-01T00"))
        _ = feed.report(peers: Self.report(5, time))
        let report = try #require(feed.nextReport(at: time, isBeat: false, loadPercent: nil))
        _ = feed.report(peers: Self.report(7, time))
        feed.noteArrival(
            of: report.number,
            [.organization(Self.organization): try Self.use(1_005, "2026-11-01T00")],
            at: time
        )
        let uses = feed.report(peers: [])
        #expect(uses == [.organization(Self.organization): try Self.use(1_012, "2026-11-01T00")])
        #expect(feed.report(peers: []).isEmpty)
    }

    @Test("what is known of an organization goes with its last gateway here")
    func lastGateway() throws {
        let time = try Self.time("2026-11-20T10")
        var objects = CarriedObjects(try Self.snapshot(try Self.use(100, "2026-11-01T00")))
        #expect(objects.count(Self.report(5, time)) == Set(Self.subjects))
        objects.apply(NodeChanges(revision: 11, changes: [.gatewayDeleted(Self.gateway)]))
        #expect(objects.uses.isEmpty)
        // It may be back with less: its use was counted elsewhere, from a backup.
        for gateway in try Self.snapshot(try Self.use(40, "2026-11-01T00")).gateways {
            objects.apply(NodeChanges(revision: 12, changes: [.gatewayPut(gateway)]))
        }
        #expect(objects.uses[.organization(Self.organization)]?.bytes == 40)
    }

    @Test("an answer of the period that has ended here does not bring it back")
    func endedPeriod() throws {
        let (last, first) = (try Self.time("2026-11-30T23"), try Self.time("2026-12-01T00"))
        let feed = try Self.start(try Self.use(0, "2026-11-01T00"))
        _ = feed.report(peers: Self.report(50, last))
        let report = try #require(feed.nextReport(at: last, isBeat: false, loadPercent: nil))
        _ = feed.report(peers: Self.report(7, first))
        feed.noteArrival(
            of: report.number,
            [.peer(Self.peer): try Self.use(50, "2026-11-01T00")],
            at: first
        )
        #expect(feed.report(peers: [])[.peer(Self.peer)] == (try Self.use(7, "2026-12-01T00")))
    }

    @Test("what a clock counted that was a year ahead is forgotten with the next answer")
    func clockAhead() throws {
        let (ahead, time) = (try Self.time("2027-11-20T10"), try Self.time("2026-11-20T10"))
        let feed = try Self.start(try Self.use(0, "2026-11-01T00"))
        _ = feed.report(peers: Self.report(50, ahead))
        let report = try #require(feed.nextReport(at: time, isBeat: false, loadPercent: nil))
        _ = feed.report(peers: Self.report(7, time))
        feed.noteArrival(
            of: report.number,
            [.peer(Self.peer): try Self.use(50, "2026-11-01T00")],
            at: time
        )
        #expect(feed.report(peers: [])[.peer(Self.peer)] == (try Self.use(57, "2026-11-01T00")))
    }

    @Test("what of quotas is in the saved snapshot is not kept a second time until it has changed")
    func savedOnce() throws {
        let time = try Self.time("2026-11-20T10")
        let feed = try Self.start(nil)
        feed.take(try Self.snapshot(try Self.use(5, "2026-11-01T00"), at: 11), of: "t")
        #expect(Set(try Self.saved(feed).uses.keys) == Set(Self.subjects))
        let saved = try #require(feed.takeUnsaved())
        #expect(saved.snapshot.peers[0].limits?.use?.bytes == 5)
        #expect(!(try Self.saved(feed).uses.isEmpty), "it may not come to the disk")
        feed.noteSaved()
        #expect(try Self.saved(feed).uses.isEmpty)
        feed.report(peers: Self.report(2, time))
        #expect(try Self.saved(feed).uses[.peer(Self.peer)]?.bytes == 7)
    }

    @Test("a server that was restored counts what it forgot anew, and the node with it")
    func restored() async throws {
        let time = try Self.time("2026-11-20T10")
        let feed = try Self.start(try Self.use(0, "2026-11-01T00"))
        _ = feed.report(peers: Self.report(900, time))
        let report = try #require(feed.nextReport(at: time, isBeat: false, loadPercent: nil))
        feed.noteArrival(of: report.number, at: time)
        _ = feed.report(peers: Self.report(7, time))
        feed.take(try Self.snapshot(try Self.use(900, "2026-11-01T00"), at: 11), of: "t")
        #expect(try await feed.carried.peers[0].limits?.use?.bytes == 907)
        feed.take(try Self.snapshot(try Self.use(200, "2026-11-01T00"), at: 5), of: "u")
        #expect(try await feed.carried.peers[0].limits?.use?.bytes == 207)
    }
}

extension RemoteNodeFeed {
    /// What a node carries that is let in, or finds no server.
    fileprivate var carried: NodeSnapshot {
        get async throws {
            startAlone()
            return try await snapshot()
        }
    }
}
