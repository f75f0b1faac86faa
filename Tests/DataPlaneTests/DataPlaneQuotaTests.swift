import NetAddress
import SystemIO
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

@Suite("Quotas that are told from outside")
struct DataPlaneQuotaTests {
    private static let gatewayID = DesiredGateway.ID(0)
    private static let organizationID = DesiredOrganization.ID(7)

    enum Subject: CaseIterable {
        case peer
        case gateway
        case organization

        /// How often a packet from one peer to another is charged to it.
        var charges: Int { self == .peer ? 1 : 2 }

        var quotaUsedUp: DropReason {
            switch self {
            case .peer: .quotaUsedUp
            case .gateway: .gatewayQuotaUsedUp
            case .organization: .organizationQuotaUsedUp
            }
        }
    }

    private let secret = SecretKey.random()
    private let plane: DataPlane

    init() throws {
        plane = try DataPlane(workers: 2)
    }

    private var gateway: DesiredGateway {
        DesiredGateway(
            id: Self.gatewayID,
            networkID: .init(0),
            configuration: .test("10.9.0.1/24", key: secret),
            listen: .loopback,
            organization: DesiredOrganization(id: Self.organizationID)
        )
    }

    private func open(_ gateway: DesiredGateway) async throws -> UInt16 {
        try #require(await plane.reconcile([.gateway(gateway)]).opened[gateway.id])
    }

    private func peer(_ key: PublicKey, _ number: UInt8, quota: Quota? = nil) -> DesiredPeer {
        DesiredPeer(
            id: .init(UInt64(number)),
            gatewayID: Self.gatewayID,
            configuration: PeerConfiguration(
                publicKey: key,
                limits: quota.map { PeerLimits(quota: $0) }
            ),
            prefixes: [IPPrefix(.v4(IPv4Address(bits: 0x0a09_0000 | UInt32(number))))]
        )
    }

    private func client(_ number: UInt8, at port: UInt16) throws -> TunnelClient {
        try TunnelClient("10.9.0.\(number)", hub: X25519.publicKey(of: secret), at: port)
    }

    private func set(_ quota: Quota?, of subject: Subject) {
        switch subject {
        case .peer: plane.setQuota(quota, of: DesiredPeer.ID(2))
        case .gateway: plane.setQuota(quota, of: Self.gatewayID)
        case .organization: plane.setQuota(quota, of: Self.organizationID)
        }
    }

    private static let length = 1028

    private func offer(_ count: Int, from one: inout TunnelClient) {
        let packet = Packets.udp(
            from: .v4(one.address),
            to: .v4(IPv4Address(bits: 0x0a09_0003)),
            [UInt8](repeating: 7, count: Self.length - 28)
        )
        for _ in 0..<count { one.send(packet) }
        one.flush()
    }

    /// Sends one after the other; gives how many arrived.
    private func exchange(
        _ count: Int,
        from one: inout TunnelClient,
        to other: inout TunnelClient
    ) -> Int {
        var arrived = 0
        for _ in 0..<count {
            offer(1, from: &one)
            arrived += other.receive(1).count
        }
        return arrived
    }

    /// The readings of all reports until that many packets were dropped for the reason; nil where that never is.
    private func readings(
        when count: Int,
        _ reason: DropReason
    ) async -> [Subject: Reading]? {
        var readings: [Subject: Reading] = [:]
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            let report = await plane.report()
            for peer in report.peerUsage where peer.id == .init(2) {
                readings[.peer] = peer.reading
            }
            readings[.gateway] = report.gatewayReadings[Self.gatewayID]
            readings[.organization] = report.organizationReadings[Self.organizationID]
            if report.gateways.contains(where: { $0.drops[reason] == UInt64(count) }) {
                return readings
            }
            await Task.yield()
        }
        return nil
    }

    @Test(
        "a quota counts at once, ends within a packet, and goes on from the reading of a report",
        arguments: Subject.allCases
    )
    func told(subject: Subject) async throws {
        defer { plane.shutdown() }
        let port = try await open(gateway)
        var alice = try client(2, at: port)
        var bob = try client(3, at: port)
        _ = await plane.reconcile([.peer(peer(alice.publicKey, 2)), .peer(peer(bob.publicKey, 3))])
        #expect([alice.connect(), bob.connect()] == [true, true])
        // A peer's account is known when it has been charged.
        offer(1, from: &alice)
        #expect(bob.receive(1).count == 1)
        _ = await plane.report()

        func quota(_ packets: Int, since: Reading? = nil) -> Quota {
            let left = UInt64(packets * subject.charges * Self.length)
            return Quota(left: left, since: since, action: .block)
        }
        set(quota(10), of: subject)
        #expect(exchange(10, from: &alice, to: &bob) == 10)
        offer(20, from: &alice)
        let readings = try #require(await self.readings(when: 20, subject.quotaUsedUp))
        let since = try #require(readings[subject])
        set(quota(5, since: since), of: subject)
        #expect(exchange(5, from: &alice, to: &bob) == 5)
        offer(5, from: &alice)
        #expect(await self.readings(when: 25, subject.quotaUsedUp) != nil)
        set(nil, of: subject)
        offer(40, from: &alice)
        #expect(bob.receive(40).count == 40)
        #expect(await plane.report().gatewayReadings.isEmpty)
    }

    @Test("what is told of a peer that was never charged counts, whatever its worker has made")
    func beforeTheAccount() async throws {
        defer { plane.shutdown() }
        let port = try await open(gateway)
        var alice = try client(2, at: port)
        var bob = try client(3, at: port)
        let initial = Quota(left: 0, action: .block)
        _ = await plane.reconcile([
            .peer(peer(alice.publicKey, 2, quota: initial)), .peer(peer(bob.publicKey, 3)),
        ])
        #expect([alice.connect(), bob.connect()] == [true, true])
        // No report has told of the account that the peer was installed with.
        set(Quota(left: UInt64(3 * Self.length), action: .block), of: .peer)
        _ = await plane.report()
        #expect(exchange(3, from: &alice, to: &bob) == 3)
        offer(2, from: &alice)
        #expect(await readings(when: 2, .quotaUsedUp) != nil)
        // Equal but for what is left.
        let again = peer(alice.publicKey, 2, quota: Quota(left: 99_999, action: .block))
        #expect(await plane.reconcile([.peer(again)]).differences == .init())
        offer(5, from: &alice)
        #expect(await readings(when: 7, .quotaUsedUp) != nil)
    }

    @Test("a gateway that is opened anew, with peers that have other keys, has no more left")
    func reopened() async throws {
        defer { plane.shutdown() }
        var desired = gateway
        desired.limits.quota = Quota(left: UInt64(40 * Self.length), action: .block)
        var port = try await open(desired)
        for round in 0..<2 {
            var alice = try client(2, at: port)
            var bob = try client(3, at: port)
            _ = await plane.reconcile([
                .peer(peer(alice.publicKey, 2)), .peer(peer(bob.publicKey, 3)),
            ])
            #expect([alice.connect(), bob.connect()] == [true, true])
            let passed = round == 0 ? 15 : 5
            #expect(exchange(passed, from: &alice, to: &bob) == passed)
            guard round == 0 else {
                offer(10, from: &alice)
                #expect(await readings(when: 10, .gatewayQuotaUsedUp) != nil)
                continue
            }
            desired.listen.address = .v4(IPv4Address(bits: ListenAddress.loopbackAddress.bits ^ 1))
            _ = await plane.reconcile([.gateway(desired)])
            desired.listen.address = .v4(ListenAddress.loopbackAddress)
            port = try await open(desired)
        }
    }
}
