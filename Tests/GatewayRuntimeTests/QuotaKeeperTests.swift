import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import WireGuardCrypto
import WireGuardEngine

@testable import GatewayRuntime

@Suite("The node works out what is left of quotas")
struct QuotaKeeperTests {
    private static let (peer, gateway, organization) = (
        PeerID.random(), GatewayID.random(), OrganizationID.random()
    )
    private static let november = UsageHour(of: at("2026-11-01T00:00:00Z"))

    private static func at(_ text: String) -> Timestamp {
        guard let time = Timestamp(text) else { preconditionFailure("\(text) is no time") }
        return time
    }

    private static let time = at("2026-11-20T10:30:00Z")

    private static func limits(_ quota: MonthlyQuota?, used: UInt64) -> LimitProvision {
        LimitProvision(
            limits: UsageLimits(quota: quota),
            use: QuotaUse(periodStart: november, bytes: used)
        )
    }

    private static func peer(_ quota: MonthlyQuota?, used: UInt64 = 0) -> NodeChange {
        .peerPut(
            PeerProvision(
                id: peer,
                gatewayID: gateway,
                publicKey: X25519.publicKey(of: SecretKey { $0[0] = 7 }),
                presharedKey: nil,
                address: IPv4Address(bits: 1),
                lastEndpoint: nil,
                lastSeen: nil,
                limits: quota.map { limits($0, used: used) }
            )
        )
    }

    private static func gateway(
        _ limits: LimitProvision?,
        id: GatewayID = gateway
    ) throws -> NodeChange {
        .gatewayPut(
            GatewayProvision(
                id: id,
                networkID: .random(),
                privateKey: SecretKey { $0[0] = 1 },
                port: 5,
                serverAddress: try InterfaceAddress("10.1.0.1/24"),
                subnet: try IPv4Prefix("10.1.0.0/24"),
                mtu: 1420,
                standing: GatewayStanding(status: .provisioned, reason: nil),
                organizationID: organization,
                limits: limits,
                organizationLimits: limits
            )
        )
    }

    private static func reading(_ counted: UInt64) -> Reading {
        Reading(counting: Counting(PeerHandle(slot: 1, generation: 1)), counted: counted)
    }

    private static func used(_ bytes: UInt64) -> QuotaUse {
        QuotaUse(periodStart: november, bytes: bytes)
    }

    private static let thousand = MonthlyQuota(bytes: 1_000, action: .block)

    @Test("what is left of a quota is said with the reading of the report that its use includes")
    func reports() throws {
        var keeper = QuotaKeeper()
        let limits = Self.limits(Self.thousand, used: 100)
        let changes = [try Self.gateway(limits), Self.peer(Self.thousand, used: 100)]
        #expect(keeper.take(changes, at: Self.time).isEmpty, "it comes with the configuration")
        let subjects: [LimitSubject] = [
            .peer(Self.peer), .gateway(Self.gateway), .organization(Self.organization),
        ]
        for (counted, used, left) in [(50, 150, 850), (60, 1_000, 0), (70, 1_010, 0)]
            as [(UInt64, UInt64, UInt64)]
        {
            let settings = keeper.note(
                Dictionary(uniqueKeysWithValues: subjects.map { ($0, Self.used(used)) }),
                Dictionary(uniqueKeysWithValues: subjects.map { ($0, Self.reading(counted)) }),
                at: Self.time
            )
            let quota = Quota(left: left, since: Self.reading(counted), action: .block)
            #expect(Set(settings.map(\.subject)) == Set(subjects))
            #expect(settings.allSatisfy { $0.quota == quota })
        }
    }

    @Test("a report that was not taken changes nothing: the next one says what both have used")
    func failedReports() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        #expect(keeper.note([:], [.peer(Self.peer): Self.reading(30)], at: Self.time).isEmpty)
        let settings = keeper.note([.peer(Self.peer): Self.used(30)], [:], at: Self.time)
        #expect(
            settings.map(\.quota) == [Quota(left: 970, since: Self.reading(30), action: .block)]
        )
    }

    @Test("with the end of a period all of it is left again, though nothing passes")
    func periodEnds() {
        var keeper = QuotaKeeper()
        let end = Self.at("2026-12-01T00:00:00Z")
        let before = Self.at("2026-11-30T23:59:59Z")
        _ = keeper.take([Self.peer(Self.thousand, used: 1_000)], at: Self.time)
        let readings = [LimitSubject.peer(Self.peer): Self.reading(40)]
        #expect(keeper.note([:], readings, at: before).isEmpty)
        let settings = keeper.note([:], [:], at: end)
        #expect(
            settings.map(\.quota) == [Quota(left: 1_000, since: Self.reading(40), action: .block)]
        )
        #expect(keeper.note([:], [:], at: end).isEmpty, "it is said once")
        let late = keeper.note([.peer(Self.peer): Self.used(1_020)], [:], at: end)
        #expect(late.map(\.quota.left) == [1_000], "a server whose clock is behind")
        let next = keeper.note([:], [:], at: Self.at("2027-01-01T00:00:00Z"))
        #expect(next.map(\.quota.left) == [1_000])
    }

    @Test("another size or action of a quota counts at once, and keeps what was used")
    func otherSizes() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        let subject = LimitSubject.peer(Self.peer)
        _ = keeper.note([subject: Self.used(600)], [subject: Self.reading(6)], at: Self.time)
        // What is told with it may be older.
        let next = MonthlyQuota(bytes: 2_000, action: .throttle(64_000))
        let settings = keeper.take([Self.peer(next, used: 580)], at: Self.time)
        let quota = Quota(left: 1_400, since: Self.reading(6), action: .throttle(64_000))
        #expect(settings.map(\.quota) == [quota])
        #expect(keeper.take([Self.peer(next, used: 580)], at: Self.time).isEmpty)
        let smaller = keeper.take([Self.peer(Self.thousand, used: 580)], at: Self.time)
        #expect(smaller.map(\.quota.left) == [400])
    }

    @Test("with another reset day, what is told counts")
    func otherDays() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        let subject = LimitSubject.peer(Self.peer)
        _ = keeper.note([subject: Self.used(600)], [subject: Self.reading(6)], at: Self.time)
        let next = PeerProvision(
            id: Self.peer,
            gatewayID: Self.gateway,
            publicKey: X25519.publicKey(of: SecretKey { $0[0] = 7 }),
            presharedKey: nil,
            address: IPv4Address(bits: 1),
            lastEndpoint: nil,
            lastSeen: nil,
            limits: LimitProvision(
                limits: UsageLimits(
                    quota: MonthlyQuota(bytes: 1_000, action: .block, resetDay: 15)
                ),
                use: QuotaUse(
                    periodStart: UsageHour(of: Self.at("2026-11-15T00:00:00Z")),
                    bytes: 200
                )
            )
        )
        let settings = keeper.take([.peerPut(next)], at: Self.time)
        #expect(
            settings.map(\.quota) == [Quota(left: 800, since: Self.reading(6), action: .block)]
        )
    }

    @Test("a quota that only warns, or is there no longer, is not said to the data plane")
    func warnings() throws {
        var keeper = QuotaKeeper()
        let subject = LimitSubject.peer(Self.peer)
        func isSaid() -> Bool {
            let readings = [subject: Self.reading(6)]
            return !keeper.note([subject: Self.used(600)], readings, at: Self.time).isEmpty
        }
        _ = keeper.take([Self.peer(MonthlyQuota(bytes: 1_000, action: .warn))], at: Self.time)
        #expect(!isSaid())
        for end in [
            Self.peer(nil), .peerDeleted(Self.peer), .gatewayDeleted(Self.gateway),
            .peerLeftOut(Self.peer, of: nil, reason: "damaged"),
        ] {
            _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
            #expect(isSaid())
            _ = keeper.take([end], at: Self.time)
            #expect(!isSaid())
        }
    }

    private static func snapshot(used: UInt64) -> NodeSnapshot {
        NodeSnapshot(revision: 1, objects: [peer(thousand, used: used)])
    }

    @Test("a snapshot says what is used, whatever was known before it was asked for")
    func snapshots() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        let subject = LimitSubject.peer(Self.peer)
        _ = keeper.note([subject: Self.used(900)], [subject: Self.reading(9)], at: Self.time)
        let settings = keeper.take(
            Self.snapshot(used: 200),
            askedAfter: keeper.reports,
            at: Self.time
        )
        #expect(
            settings.map(\.quota) == [Quota(left: 800, since: Self.reading(9), action: .block)]
        )
    }

    @Test("what was reported while a snapshot was made is not forgotten with it")
    func reportsDuringSnapshots() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        let subject = LimitSubject.peer(Self.peer)
        _ = keeper.note([subject: Self.used(400)], [subject: Self.reading(400)], at: Self.time)
        let reports = keeper.reports
        _ = keeper.note([subject: Self.used(1_000)], [subject: Self.reading(1_000)], at: Self.time)
        let ended = keeper.take(Self.snapshot(used: 400), askedAfter: reports, at: Self.time)
        let quota = Quota(left: 0, since: Self.reading(1_000), action: .block)
        #expect(ended.map(\.quota) == [quota])
    }

    @Test("a snapshot that says what is known leaves it with its reading, though more was counted")
    func sameUse() {
        var keeper = QuotaKeeper()
        _ = keeper.take([Self.peer(Self.thousand)], at: Self.time)
        let subject = LimitSubject.peer(Self.peer)
        _ = keeper.note([subject: Self.used(400)], [subject: Self.reading(400)], at: Self.time)
        // A report that was not taken.
        _ = keeper.note([:], [subject: Self.reading(700)], at: Self.time)
        let settings = keeper.take(
            Self.snapshot(used: 400),
            askedAfter: keeper.reports,
            at: Self.time
        )
        let quota = Quota(left: 600, since: Self.reading(400), action: .block)
        #expect(settings.map(\.quota) == [quota])
    }

    @Test("an organization's quota is known as long as one of its gateways is here")
    func lastGateway() throws {
        var keeper = QuotaKeeper()
        let other = GatewayID.random()
        let limits = Self.limits(Self.thousand, used: 100)
        _ = keeper.take(
            [try Self.gateway(limits), try Self.gateway(limits, id: other)],
            at: Self.time
        )
        let subject = LimitSubject.organization(Self.organization)
        func isSaid() -> Bool {
            let readings = [subject: Self.reading(6)]
            return !keeper.note([subject: Self.used(600)], readings, at: Self.time).isEmpty
        }
        _ = keeper.take([.gatewayDeleted(other)], at: Self.time)
        #expect(isSaid())
        _ = keeper.take([.gatewayDeleted(Self.gateway)], at: Self.time)
        #expect(!isSaid())
    }

    /// A data plane with one account, whose quota it has from the keeper alone.
    private struct Account {
        var counted: UInt64 = 0
        var end: UInt64

        mutating func pass(_ length: UInt64) -> Bool {
            guard counted + length <= end else { return false }
            counted += length
            return true
        }

        mutating func set(_ quota: Quota) {
            end = (quota.since?.counted ?? counted) + quota.left
        }
    }

    @Test(
        "a quota ends within a packet, however late reports are taken and whatever its size is changed to"
    )
    func exact() {
        var generator = SystemRandomNumberGenerator()
        let subject = LimitSubject.peer(Self.peer)
        for _ in 0..<200 {
            var keeper = QuotaKeeper()
            var quota = MonthlyQuota(bytes: 100_000, action: .block)
            _ = keeper.take([Self.peer(quota)], at: Self.time)
            var account = Account(end: quota.bytes)
            var stored: UInt64 = 0
            var isFull = false
            while !isFull || stored < account.counted {
                for _ in 0..<10 where !account.pass(.random(in: 20...1_400, using: &generator)) {
                    isFull = true
                }
                let isTaken = Bool.random(using: &generator)
                if isTaken { stored = account.counted }
                let settings = keeper.note(
                    isTaken ? [subject: Self.used(stored)] : [:],
                    [subject: Self.reading(account.counted)],
                    at: Self.time
                )
                for setting in settings { account.set(setting.quota) }
                // Before the first answer it is not known what the account had counted when the quota began: until then another
                // size counts from its own beginning.
                if !isFull, stored > 0, Int.random(in: 0..<20, using: &generator) == 0 {
                    quota.bytes = account.counted + .random(in: 2_000...100_000, using: &generator)
                    let told = Self.peer(quota, used: stored)
                    for setting in keeper.take([told], at: Self.time) { account.set(setting.quota) }
                }
            }
            #expect(account.counted <= quota.bytes)
            #expect(account.counted + 1_400 > quota.bytes)
        }
    }
}
