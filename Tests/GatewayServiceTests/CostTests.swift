import APIContract
import GatewayDomain
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import Testing

@testable import GatewayService

@Suite("What is owed for a month")
struct CostTests {
    private static let day: Int64 = 86_400

    /// At the beginning of a month, with prices for all that has one.
    private func fixture(
        usageDays: Int = 400
    ) async throws -> ServiceFixture {
        let lists = [
            PriceList.standard,
            PriceList(
                from: try #require(CalendarMonth("2000-01")),
                currency: "EUR",
                gateway: try #require(Price("10")),
                peer: try #require(Price("0.5")),
                gigabyte: [.internet: try #require(Price("0.02"))]
            ),
        ]
        let fixture = try await ServiceFixture {
            $0.prices = lists
            $0.usageDays = usageDays
        }
        fixture.clock.set(to: CalendarMonth(of: fixture.clock.now()).next.start)
        try await fixture.controlPlane.discardExpired()
        return fixture
    }

    private func report(
        _ bytes: UInt64,
        _ kind: UsageKind,
        of peer: PeerID,
        in hour: UsageHour
    ) -> PeerReport {
        PeerReport(
            id: peer,
            lastSeen: nil,
            latestHandshakeAt: nil,
            endpoint: nil,
            rxBytesAdded: 0,
            txBytesAdded: 0,
            usageAdded: HourlyUsage([
                .init(
                    hour: hour,
                    kind: kind,
                    counts: UsageCounts(
                        rxPackets: 1,
                        rxBytes: bytes / 2,
                        txBytes: bytes - bytes / 2
                    )
                )
            ])
        )
    }

    private func costs(
        _ fixture: ServiceFixture,
        _ month: CalendarMonth? = nil,
        all: Bool = false,
        as caller: Caller? = nil
    ) async throws -> [Costs] {
        try await fixture.controlPlane.listCosts(
            in: month,
            ofAll: all,
            page: .first,
            by: caller ?? fixture.caller
        ).elements
    }

    @Test(
        "a gateway costs by the hours that had begun while it was there, whatever the month's length"
    )
    func gateways() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let network = try await fixture.network()
        let kept = try await fixture.gateway(in: network) { $0.name = .value("kept") }
        fixture.clock.advance(seconds: 3_600 * 10)
        let short = try await fixture.gateway(in: network) { $0.name = .value("short") }
        fixture.clock.advance(seconds: 1)
        _ = try await fixture.controlPlane.deleteGateway(short.id, by: fixture.caller)
        fixture.clock.set(to: month.next.start)
        let costs = try #require(try await costs(fixture, month).first)
        let hours = UInt64(month.hours.upperBound.number - month.hours.lowerBound.number)
        #expect(costs.lines.map(\.gatewayID) == [kept.id, short.id])
        #expect(costs.lines.map(\.gatewayName) == ["kept", "short"])
        #expect(costs.lines.map(\.quantity) == [hours, 1])
        #expect(costs.lines.map(\.amount.cents) == [1_000, 1])
        #expect(costs.total.description == "10.01" && costs.currency == "EUR" && !costs.isClosed)
        let next = try #require(try await self.costs(fixture).first)
        #expect(next.lines.map(\.gatewayID) == [kept.id])
        #expect(next.lines.map(\.quantity) == [1], "the hour that has begun")
    }

    @Test("peers cost once where they sent or received something, and bytes by their kind")
    func usage() async throws {
        let fixture = try await fixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        _ = try await fixture.peer(of: gateway)
        let hour = UsageHour(of: fixture.clock.now())
        try await fixture.controlPlane.nodeFeed.report(peers: [
            report(2_000_000_000, .internet, of: peer, in: hour),
            report(5_000_000_000, .hairpin, of: peer, in: hour),
        ])
        let lines = try #require(try await costs(fixture).first).lines.dropFirst()
        #expect(lines.map(\.item) == [.peers, .traffic, .traffic])
        #expect(lines.map(\.kind) == [nil, .hairpin, .internet])
        #expect(lines.map(\.quantity) == [1, 5_000_000_000, 2_000_000_000])
        #expect(lines.map(\.amount.cents) == [50, 0, 4])
    }

    @Test("a month that is closed never changes, and what comes later is charged for in the next")
    func closing() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let gateway = try await fixture.gateway(in: fixture.network()) { $0.name = .value("entry") }
        let peer = try await fixture.peer(of: gateway).peer.id
        let hour = UsageHour(of: fixture.clock.now())
        let feed = fixture.controlPlane.nodeFeed
        try await feed.report(peers: [report(1_000_000_000, .internet, of: peer, in: hour)])
        let days = ControlPlane.daysUntilClosing
        fixture.clock.set(to: month.next.start.advanced(bySeconds: days * Self.day - 10))
        try await fixture.controlPlane.discardExpired()
        try await feed.report(peers: [report(1_000_000_000, .internet, of: peer, in: hour)])
        let open = try #require(try await costs(fixture, month).first)
        #expect(!open.isClosed && open.lines.last?.quantity == 2_000_000_000)

        fixture.clock.advance(seconds: 20)
        try await fixture.controlPlane.discardExpired()
        let closed = try #require(try await costs(fixture, month).first)
        #expect(closed.isClosed && closed.lines == open.lines)
        try await feed.report(peers: [report(5_000_000_000, .internet, of: peer, in: hour)])
        try await feed.report(peers: [report(1_000_000_000, .internet, of: peer, in: hour)])
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        try await fixture.controlPlane.discardExpired()
        #expect(try await costs(fixture, month) == [closed])

        let next = try #require(try await costs(fixture).first)
        let correction = try #require(next.lines.last)
        #expect(correction.item == .correction && correction.kind == .internet)
        #expect(correction.month == month && correction.quantity == 6_000_000_000)
        #expect(correction.amount.cents == 12)
        #expect(next.lines.filter { $0.item == .traffic } == [])
        // Usage itself is counted when it was used.
        let filter = UsageFilter(hours: month.hours)
        let used = try await fixture.controlPlane.listUsage(
            filter,
            page: .first,
            by: fixture.caller
        )
        let counts = try #require(used.elements.first).counts
        #expect(counts.rxBytes + counts.txBytes == 8_000_000_000)
    }

    @Test(
        "months that ended while no server ran are closed one by one, and the clock set back opens none"
    )
    func severalMonths() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        fixture.clock.advance(seconds: 100 * Self.day)
        try await fixture.controlPlane.discardExpired()
        let present = fixture.clock.now()
        for month in [month, month.next, month.next.next] {
            let costs = try #require(try await costs(fixture, month).first)
            #expect(costs.isClosed && costs.lines.map(\.amount.cents) == [1_000])
        }
        fixture.clock.set(to: month.next.start)
        try await fixture.controlPlane.nodeFeed.report(peers: [
            report(1_000, .link, of: peer, in: month.hours.lowerBound)
        ])
        try await fixture.controlPlane.discardExpired()
        #expect(try #require(try await costs(fixture, month).first).lines.count == 1)
        fixture.clock.set(to: present)
        let corrections = try await costs(fixture).flatMap(\.lines).filter {
            $0.item == .correction
        }
        #expect(corrections.map(\.quantity) == [1_000])
    }

    @Test("months before the one in which a server with prices first started cost nothing")
    func monthsBefore() async throws {
        let fixture = try await ServiceFixture()
        let month = CalendarMonth(of: fixture.clock.now())
        _ = try await fixture.gateway(in: fixture.network())
        fixture.clock.set(to: month.next.next.start.advanced(bySeconds: 10 * Self.day))
        #expect(try await costs(fixture, month).map(\.lines.count) == [1])
        for _ in 0..<2 { try await fixture.controlPlane.discardExpired() }
        for month in [month, month.next] {
            let costs = try await costs(fixture, month)
            #expect(costs.map(\.lines.count) == [0] && costs.map(\.isClosed) == [true])
        }
        fixture.clock.set(to: month.next.next.next.start.advanced(bySeconds: 10 * Self.day))
        try await fixture.controlPlane.discardExpired()
        let closed = try #require(try await costs(fixture, month.next.next).first)
        #expect(closed.isClosed && closed.lines.map(\.item) == [.gateway])
    }

    @Test("a closing that was interrupted leaves what it has stored, and goes on behind it")
    func interruptedClosing() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let gateway = try await fixture.gateway(in: fixture.network())
        let other = try await fixture.stranger()
        fixture.clock.set(to: month.next.start.advanced(bySeconds: 10 * Self.day))
        let first = gateway.organizationID
        let lost = Lease(name: "housekeeping", holder: .random(), epoch: 1)
        await #expect(throws: LeaseLost.self) {
            try await fixture.controlPlane.close(month, of: [first, other.organizationID], lost)
        }
        #expect(try await costs(fixture, month).map(\.isClosed) == [false])

        try await fixture.controlPlane.close(month, of: [first], nil)
        let stored = try #require(try await costs(fixture, month).first)
        let line = try #require(stored.lines.first)
        try await fixture.controlPlane.change { tx in
            // As it would be with the prices of another server.
            let otherwise = CostLine(
                line.item,
                gatewayID: line.gatewayID,
                month: line.month,
                quantity: line.quantity,
                price: .zero,
                amount: Amount(cents: 0)
            )
            try CostLines.put(
                Costs(
                    organizationID: first,
                    month: month,
                    currency: stored.currency,
                    isClosed: true,
                    lines: [otherwise]
                ),
                tx.db
            )
        }
        try await fixture.controlPlane.close(month, of: [first, other.organizationID], nil)
        let costs = try #require(try await costs(fixture, month).first)
        #expect(costs.lines.map(\.amount.cents) == [0])
    }

    @Test("usage that comes while its month is being closed is charged for once, as a correction")
    func usageWithinClosing() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        fixture.clock.set(to: month.next.start.advanced(bySeconds: 10 * Self.day))
        // With this a closing begins; the sums of each organization come later.
        try await fixture.store.write {
            try Usage.setClosedHour(month.next.hours.lowerBound, $0)
        }
        try await fixture.controlPlane.nodeFeed.report(peers: [
            report(1_000, .internet, of: peer, in: month.hours.lowerBound)
        ])
        try await fixture.controlPlane.close(month, of: [gateway.organizationID], nil)
        let closed = try #require(try await costs(fixture, month).first)
        #expect(closed.lines.allSatisfy { $0.item != .traffic })
        let corrections = try await costs(fixture).flatMap(\.lines).filter {
            $0.item == .correction
        }
        #expect(corrections.map(\.quantity) == [1_000])
    }

    @Test("a closed month in which there was nothing to charge for stays empty")
    func emptyMonth() async throws {
        let fixture = try await fixture()
        let month = CalendarMonth(of: fixture.clock.now())
        let later = month.next
        let stranger = try await fixture.stranger()
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        fixture.clock.set(to: later.start.advanced(bySeconds: -60))
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        fixture.clock.set(to: later.next.start.advanced(bySeconds: 10 * Self.day))
        try await fixture.controlPlane.discardExpired()
        #expect(try await costs(fixture, later).map(\.lines.count) == [0])
        try await fixture.controlPlane.nodeFeed.report(peers: [
            report(1_000, .internet, of: peer, in: later.hours.lowerBound)
        ])
        let costs = try #require(try await costs(fixture, later).first)
        #expect(costs.lines == [] && costs.isClosed && costs.currency == "EUR")
        #expect(try await self.costs(fixture, month, as: stranger).map(\.isClosed) == [true])
    }

    @Test("peers whose usage is kept for few days are charged for all the same")
    func fewDays() async throws {
        let fixture = try await fixture(usageDays: 10)
        let month = CalendarMonth(of: fixture.clock.now())
        let gateway = try await fixture.gateway(in: fixture.network())
        let peer = try await fixture.peer(of: gateway).peer.id
        let hour = UsageHour(of: fixture.clock.now())
        try await fixture.controlPlane.nodeFeed.report(peers: [
            report(1_000, .internet, of: peer, in: hour)
        ])
        for days: Int64 in [20, 10, 5] {
            fixture.clock.advance(seconds: days * Self.day)
            try await fixture.controlPlane.discardExpired()
        }
        let costs = try #require(try await costs(fixture, month).first)
        #expect(costs.isClosed)
        #expect(costs.lines.map(\.item) == [.gateway, .peers, .traffic])
    }

    @Test("costs are for callers that see the whole organization, and those of all are for admins")
    func access() async throws {
        let fixture = try await fixture()
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network)
        let stranger = try await fixture.stranger()
        #expect(try await costs(fixture, as: stranger).map(\.lines.count) == [0])
        let all = try await costs(fixture, all: true, as: stranger)
        #expect(all.map(\.organizationID) == [fixture.caller.organizationID])
        #expect(all.map(\.lines.count) == [1])
        let viewer = try await Caller.stored(
            .viewer,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        #expect(try await costs(fixture, as: viewer).map(\.lines.count) == [1])
        await #expect(throws: ServiceError.self) {
            _ = try await costs(fixture, all: true, as: viewer)
        }
    }
}
