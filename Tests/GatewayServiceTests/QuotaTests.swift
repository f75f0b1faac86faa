import GatewayDomain
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

/// What is used of quotas is summed up with the usage itself.
@Suite("Running sums of quotas")
struct QuotaTests {
    private static let size: UInt64 = 10_000_000

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

    private func limit(
        _ subject: LimitSubject,
        to bytes: UInt64 = size,
        _ action: MonthlyQuota.Action.QuotaActionKind = .block,
        resetDay: Int = 1
    ) async throws {
        var quota = NewQuota()
        quota.bytes = .value(bytes)
        quota.action = .value(action)
        quota.resetDay = .value(resetDay)
        var request = NewLimits()
        request.quota = .value(quota)
        _ = try await fixture.controlPlane.perform(
            .setLimits(of: subject, request),
            by: fixture.caller
        )
    }

    /// - Returns: what the node inside of the server is told of quotas.
    @discardableResult
    private func use(
        _ bytes: UInt64,
        by peer: PeerID? = nil,
        in hour: UsageHour? = nil
    ) async throws -> [LimitSubject: QuotaUse] {
        let entry = HourlyUsage.Entry(
            hour: hour ?? UsageHour(of: fixture.clock.now()),
            kind: .hairpin,
            counts: UsageCounts(rxPackets: 1, rxBytes: bytes / 4, txBytes: bytes - bytes / 4)
        )
        let report = PeerReport(
            id: peer ?? self.peer,
            lastSeen: nil,
            latestHandshakeAt: nil,
            endpoint: nil,
            rxBytesAdded: 0,
            txBytesAdded: 0,
            usageAdded: HourlyUsage([entry])
        )
        return try await fixture.controlPlane.change { tx in
            let node = try #require(try Nodes.embedded(tx.db))
            return try tx.take([report], of: node).uses
        }
    }

    private func used(of subject: LimitSubject) async throws -> QuotaUse? {
        try await fixture.controlPlane.showLimits(of: subject, by: fixture.caller).use
    }

    /// The states that the journal tells of a subject, one for each of its entries.
    private func told(of subject: LimitSubject) async throws -> [String] {
        let scope = Scope(organizationID: gateway.organizationID)
        var filter = EventFilter()
        filter.objectID = subject.id
        let page = try #require(Page(size: 250))
        let entries = try await fixture.store.read { [filter] db in
            try Events.list(in: scope, types: [.limits], filter: filter, page: page, db).elements
        }
        return entries.map { entry in
            let text = entry.event.after ?? ""
            return QuotaState.allCases.first { text.contains(#""state":"\#($0.rawValue)""#) }?
                .rawValue ?? "none"
        }
    }

    private func advance(to time: Timestamp) {
        fixture.clock.set(to: time)
    }

    @Test("what a peer uses counts to its quota, its gateway's and its organization's at once")
    func levels() async throws {
        let other = try await fixture.peer(of: gateway).peer.id
        let second = try await fixture.gateway(in: fixture.network())
        let distant = try await fixture.peer(of: second).peer.id
        #expect(try await use(10).isEmpty)
        for subject in subjects { try await limit(subject) }
        let uses = try await use(100)
        #expect(uses.mapValues(\.bytes) == Dictionary(subjects.map { ($0, 110) }) { $1 })
        #expect(try await use(1_000, by: other).keys.count == 2)
        try await use(10_000, by: distant)
        #expect(try await used(of: subjects[0])?.bytes == 110)
        #expect(try await used(of: subjects[1])?.bytes == 1_110)
        #expect(try await used(of: subjects[2])?.bytes == 11_110)
        let month = CalendarMonth(of: fixture.clock.now()).hours
        #expect(uses.values.allSatisfy { $0.periodStart == month.lowerBound })
    }

    @Test("a quota that is set in the middle of a month begins with what was used in it")
    func beginning() async throws {
        let days: (Int64) -> UsageHour = { [fixture] days in
            UsageHour(of: fixture.clock.now().advanced(bySeconds: days * 86_400))
        }
        // The clock begins on the 7th.
        try await use(1, in: days(-8))
        try await use(10, in: days(-3))
        try await use(100)
        for subject in subjects {
            try await limit(subject)
            #expect(try await used(of: subject)?.bytes == 110, "\(subject)")
            try await limit(subject, resetDay: 6)
            #expect(try await used(of: subject)?.bytes == 100, "\(subject)")
            try await limit(subject, resetDay: 28)
            #expect(try await used(of: subject)?.bytes == 111, "\(subject)")
        }
        _ = try await fixture.controlPlane.perform(.deletePeer(peer), by: fixture.caller)
        try await limit(subjects[1], to: 2 * Self.size)
        #expect(try await used(of: subjects[1])?.bytes == 110, "a deleted peer's usage was used")
    }

    @Test("the journal tells once when 80 and 100 percent are used, and when a new month begins")
    func events() async throws {
        for subject in subjects { try await limit(subject) }
        try await use(Self.size / 10 * 8 - 1)
        try await use(1)
        try await use(1)
        try await use(Self.size / 10 * 2 - 1)
        try await use(1_000)
        for subject in subjects {
            #expect(try await told(of: subject) == ["within", "nearing", "used_up"], "\(subject)")
        }
        advance(to: CalendarMonth(of: fixture.clock.now()).next.start)
        #expect(try await used(of: subjects[0])?.bytes == 0)
        let month = CalendarMonth(of: fixture.clock.now()).hours
        let uses = try await use(7)
        #expect(uses[subjects[0]] == QuotaUse(periodStart: month.lowerBound, bytes: 7))
        for subject in subjects {
            #expect(try await told(of: subject).dropFirst(3) == ["within"], "\(subject)")
        }
        let scope = Scope(organizationID: gateway.organizationID)
        let actors = try await fixture.store.read { db in
            try Events.list(in: scope, types: [.limits], filter: EventFilter(), page: .first, db)
                .elements.map(\.event.actor)
        }
        #expect(actors.filter { $0 == .system }.count == 9)
    }

    @Test("a month that begins while a quota blocks everything is told by housekeeping")
    func housekeeping() async throws {
        let idle = try await fixture.peer(of: gateway).peer.id
        try await limit(subjects[0])
        try await limit(.peer(idle))
        try await use(Self.size)
        try await fixture.controlPlane.discardExpired()
        advance(to: CalendarMonth(of: fixture.clock.now()).next.start)
        try await fixture.controlPlane.discardExpired()
        try await fixture.controlPlane.discardExpired()
        #expect(try await told(of: subjects[0]) == ["within", "used_up", "within"])
        #expect(try await told(of: .peer(idle)) == ["within"])
    }

    @Test("usage that is reported late does not count to the present month of a quota")
    func late() async throws {
        try await limit(subjects[0])
        let hour = UsageHour(of: fixture.clock.now())
        advance(to: CalendarMonth(of: fixture.clock.now()).next.start)
        #expect(try await use(5, in: hour)[subjects[0]]?.bytes == 0)
        #expect(try await use(7)[subjects[0]]?.bytes == 7)
        #expect(try await use(5, in: hour)[subjects[0]]?.bytes == 7)
    }

    @Test("a clock that is set back by a month goes on with what was used in that month")
    func clockSetBack() async throws {
        try await limit(subjects[1])
        try await use(5)
        let time = fixture.clock.now()
        advance(to: CalendarMonth(of: time).next.start)
        #expect(try await use(1)[subjects[1]]?.bytes == 1)
        advance(to: time)
        #expect(try await use(10)[subjects[1]]?.bytes == 15)
        // No sum is made when a period begins: what was counted of it under the wrong clock is not in it.
        advance(to: CalendarMonth(of: time).next.start)
        #expect(try await use(100)[subjects[1]]?.bytes == 100)
    }

    @Test("quotas that are set anew forget nothing of their period that is not stored any more")
    func forgottenUsage() async throws {
        for subject in subjects { try await limit(subject) }
        try await use(100)
        try await fixture.store.write { db in
            for table in [
                "usage_peer_hour", "usage_gateway_hour", "usage_gateway_recent_day",
            ] as [SQL] {
                try db.execute("DELETE FROM \(table)")
            }
        }
        for subject in subjects {
            try await limit(subject, to: 2 * Self.size)
            #expect(try await used(of: subject)?.bytes == 100, "\(subject)")
        }
    }

    @Test("an overview names a quota that blocks, however many used up ones only warn")
    func warnings() async throws {
        for _ in 0..<12 {
            let other = try await fixture.peer(of: gateway).peer.id
            try await limit(.peer(other), to: Self.size, .warn)
            try await use(Self.size, by: other)
        }
        try await limit(subjects[0])
        try await use(Self.size)
        let remarks = try await fixture.controlPlane.overview(by: fixture.caller).remarks
        #expect(remarks.filter { $0.code == .quotaUsedUp }.map(\.severity) == [.error])
    }

    @Test("housekeeping begins the new periods of more quotas than one transaction takes")
    func manyPeriods() async throws {
        var peers: [PeerID] = []
        for _ in 0..<101 {
            let other = try await fixture.peer(of: gateway).peer.id
            try await limit(.peer(other))
            try await use(Self.size, by: other)
            peers.append(other)
        }
        advance(to: CalendarMonth(of: fixture.clock.now()).next.start)
        try await fixture.controlPlane.discardExpired()
        for peer in [peers[0], peers[100]] {
            #expect(try await told(of: .peer(peer)) == ["within", "used_up", "within"])
        }
    }

    @Test(
        "a quota that becomes larger is not used up any more, and one below what is used is at once"
    )
    func otherSize() async throws {
        try await limit(subjects[0])
        try await use(Self.size)
        try await limit(subjects[0], to: 2 * Self.size)
        #expect(try await used(of: subjects[0])?.bytes == Self.size)
        try await use(1)
        try await limit(subjects[0], to: Self.size / 2)
        #expect(try await told(of: subjects[0]) == ["within", "used_up", "within", "used_up"])
    }

    @Test("lists find limits by the state of their quotas, as it is now")
    func states() async throws {
        let others = [
            try await fixture.peer(of: gateway).peer.id,
            try await fixture.peer(of: gateway).peer.id,
        ]
        for id in [peer] + others { try await limit(.peer(id)) }
        var rates = NewLimits()
        rates.rxRate = .value(1_000_000)
        _ = try await fixture.controlPlane.perform(
            .setLimits(of: .gateway(gateway.id), rates),
            by: fixture.caller
        )
        try await use(Self.size / 10 * 9, by: others[0])
        try await use(Self.size, by: others[1])
        func list(_ state: QuotaState?) async throws -> [LimitSubject] {
            let list = try await fixture.controlPlane.listLimits(
                LimitFilter(state: state),
                page: .first,
                by: fixture.caller
            )
            #expect(list.totalResults == list.elements.count)
            return list.elements.map(\.subject)
        }
        #expect(try await list(.within) == [.peer(peer)])
        #expect(try await list(.nearing) == [.peer(others[0])])
        #expect(try await list(.usedUp) == [.peer(others[1])])
        #expect(try await list(nil).count == 4)
        advance(to: CalendarMonth(of: fixture.clock.now()).next.start)
        #expect(try await list(.within).count == 3)
        #expect(try await list(.usedUp).isEmpty)
    }
}
