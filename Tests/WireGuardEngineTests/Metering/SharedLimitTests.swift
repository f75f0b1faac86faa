import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("Limits of a gateway and of an organization")
struct SharedLimitTests {
    private static let length = 1028
    private static let rate: UInt64 = 1_000_000
    /// What a bucket of that rate holds.
    private static let burst = 32_768

    /// Which account has the limit, and what its drops are called.
    enum Level: CaseIterable {
        case gateway
        case organization

        var rateExceeded: DropReason {
            self == .gateway ? .gatewayRateExceeded : .organizationRateExceeded
        }

        var quotaUsedUp: DropReason {
            self == .gateway ? .gatewayQuotaUsedUp : .organizationQuotaUsedUp
        }
    }

    private let egress: EgressHub

    private var hub: Hub { egress.hub }
    private var gateway: SimulatedNode { egress.gateway }

    init() throws {
        egress = try EgressHub(internet: true, workers: 3)
    }

    private func account(_ level: Level) -> SharedAccount {
        level == .gateway ? gateway.account : gateway.organization
    }

    private func limitPeer(_ index: Int, to limits: PeerLimits?) {
        gateway.engine.installPeer(
            hub.handles[index],
            on: gateway.gateway,
            PeerConfiguration(publicKey: hub.clients[index].publicKey, limits: limits),
            at: hub.simulation.moment
        )
    }

    private static func quota(_ packets: Int, _ action: Quota.Action = .block) -> Quota {
        Quota(left: UInt64(packets * length), action: action)
    }

    private static func packet(from one: String, to other: String) -> [UInt8] {
        Packets.udp(from: one, to: other, String(repeating: "x", count: length - 28))
    }

    /// Twice the rate from the first client to the second for so many seconds; gives the packets that arrive.
    private func offer(seconds: Int) -> Int {
        hub.clients[1].received.removeAll()
        for _ in 0..<seconds * 250 {
            hub.simulation.send(Self.packet(from: "10.0.0.2", to: "10.0.0.3"), from: hub.clients[0])
            hub.simulation.run(for: .milliseconds(4))
        }
        hub.simulation.settle()
        return hub.clients[1].received.count
    }

    private func isNearRate(_ passed: Int, over seconds: Double) -> Bool {
        let expected = Double(Self.rate) / 8 * seconds + Double(Self.burst)
        return abs(Double(passed * Self.length) / expected - 1) < 0.01
    }

    @Test(
        "a rate is that of all peers together, and comes and goes at once",
        arguments: Level.allCases
    )
    func rate(level: Level) throws {
        account(level).limit(to: SharedLimits(rates: Rates(sent: Self.rate)))
        let passed = offer(seconds: 20)
        #expect(isNearRate(passed, over: 20))
        #expect(egress.drops(level.rateExceeded) == UInt64(5000 - passed))
        let notes = gateway.engine.trouble(of: hub.handles[1])?.dropNotes
        #expect(notes?.first?.reason == level.rateExceeded)
        account(level).limit(to: SharedLimits())
        #expect(offer(seconds: 1) == 250)
    }

    @Test(
        "a peer beyond its own rate or quota takes nothing of a rate in common",
        arguments: Level.allCases
    )
    func ownLimitsFirst(level: Level) throws {
        account(level).limit(to: SharedLimits(rates: Rates(received: Self.rate)))
        limitPeer(0, to: PeerLimits(rates: Rates(received: Self.rate / 2)))
        #expect(offer(seconds: 4) > 0)
        #expect(egress.drops(.rateExceeded) > 0)
        limitPeer(0, to: PeerLimits(quota: Self.quota(0)))
        #expect(offer(seconds: 4) == 0)
        #expect(egress.drops(level.rateExceeded) == 0)
    }

    @Test(
        "what a larger account refuses takes nothing of the smaller ones",
        arguments: Level.allCases
    )
    func givenBack(level: Level) throws {
        account(level).limit(to: SharedLimits(rates: Rates(received: Self.rate)))
        // Of the 5000 packets that are offered the rate lets about half through, and all else more than that.
        let rates = Rates(received: Self.rate + Self.rate / 4)
        limitPeer(0, to: PeerLimits(rates: rates, quota: Self.quota(3000)))
        if level == .organization {
            // The packets are charged to it twice, as they come and as they go.
            gateway.account.limit(to: SharedLimits(rates: rates, quota: Self.quota(6000)))
        }
        let passed = offer(seconds: 20)
        #expect(isNearRate(passed, over: 20))
        let drops = gateway.drops
        #expect(drops.total == drops[level.rateExceeded])
        if level == .organization {
            #expect(gateway.account.reading?.counted == UInt64(2 * passed * Self.length))
        }
    }

    @Test(
        "a quota ends within one packet, for all peers and both directions",
        arguments: Level.allCases
    )
    func quota(level: Level) throws {
        account(level).limit(to: SharedLimits(quota: Self.quota(101)))
        #expect(offer(seconds: 1) == 50)
        // The last packet was charged to its sender, and had nothing left for its target.
        #expect(egress.drops(level.quotaUsedUp) == 200)
        #expect(account(level).reading?.counted == UInt64(101 * Self.length))
        #expect(gateway.usage.total.bytes == UInt64(101 * Self.length))
        let back = Packets.udp(from: "10.0.0.3", to: "10.0.0.2", "back")
        hub.clients[0].received.removeAll()
        hub.simulation.send(back, from: hub.clients[1])
        hub.simulation.settle()
        #expect(hub.clients[0].received.isEmpty)
        #expect(hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.1")).count == 1)
    }

    @Test(
        "a quota in common that is used up leaves the rate that it names",
        arguments: Level.allCases
    )
    func throttle(level: Level) throws {
        account(level).limit(to: SharedLimits(quota: Self.quota(200, .throttle(Self.rate))))
        let passed = offer(seconds: 20)
        // Four tenths of a second pass before the quota ends.
        #expect(isNearRate(passed - 100, over: 19.6))
        #expect(egress.drops(level.rateExceeded) > 0 && egress.drops(level.quotaUsedUp) == 0)
    }

    @Test("what is left is told anew by what was counted", arguments: Level.allCases)
    func toldAnew(level: Level) throws {
        let account = account(level)
        account.limit(to: SharedLimits(quota: Self.quota(1000)))
        #expect(offer(seconds: 1) == 250)
        let reading = try #require(account.reading)
        #expect(offer(seconds: 1) == 250)
        var quota = Self.quota(520)
        quota.since = reading
        account.setQuota(quota)
        #expect(offer(seconds: 1) == 10)
        account.setQuota(quota)
        #expect(offer(seconds: 1) == 0)
        quota.left += UInt64(20 * Self.length)
        account.setQuota(quota)
        #expect(offer(seconds: 1) == 10)
        // A configuration does not fill it up.
        account.limit(to: SharedLimits(quota: Self.quota(1000)))
        #expect(offer(seconds: 1) == 0)
        account.setQuota(nil)
        #expect(account.reading == nil)
        #expect(offer(seconds: 1) == 250)
    }

    @Test("gateways of one organization use its limits together, and their own alone")
    func twoGateways() throws {
        let pair = try OrganizationPair()
        pair.organization.limit(to: SharedLimits(quota: Self.quota(100)))
        pair.accounts[0].limit(to: SharedLimits(quota: Self.quota(60)))
        #expect(pair.offer(100, at: 0) == 60)
        #expect(pair.offer(100, at: 1) == 40)
        #expect(pair.drops(.gatewayQuotaUsedUp) == [40, 0])
        #expect(pair.drops(.organizationQuotaUsedUp) == [0, 60])
        pair.organization.limit(to: SharedLimits())
        #expect(pair.offer(100, at: 1) == 100)
        #expect(pair.offer(100, at: 0) == 0)
    }

    @Test("an organization's limits hold for gateways that come later, and end with them")
    func laterGateway() {
        let organization = SharedAccount()
        organization.limit(to: SharedLimits(rates: Rates(sent: Self.rate)))
        do {
            let early = SharedAccount(within: organization)
            #expect(early.isLimited)
            organization.limit(to: SharedLimits())
            #expect(!early.isLimited)
            early.limit(to: SharedLimits(quota: Self.quota(1)))
            #expect(early.isLimited && !organization.isLimited)
        }
        let late = SharedAccount(within: organization)
        #expect(!late.isLimited)
        organization.setQuota(Self.quota(1))
        #expect(late.isLimited)
    }
}
