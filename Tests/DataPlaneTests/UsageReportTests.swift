import NetAddress
import SystemIO
import TestSupport
import Testing
import TunnelTestSupport
import WireGuardCrypto
import WireGuardEngine

@testable import DataPlane

@Suite("Usage in the data plane's reports")
struct UsageReportTests {
    private static let gatewayID = DesiredGateway.ID(0)

    /// All reports taken together: the newest of each counting.
    private struct Ledger {
        var peers: [PeerHandle: DataPlaneReport.PeerUsage] = [:]

        mutating func add(_ report: DataPlaneReport) {
            for peer in report.peerUsage {
                #expect(peers[peer.counting]?.isLast != true, "a counting that had ended")
                peers[peer.counting] = peer
            }
        }

        func usage(of peer: DesiredPeer.ID) -> Usage {
            peers.values.filter { $0.id == peer }.map(\.usage).reduce(Usage(), +)
        }

        var peerSum: Usage { peers.values.map(\.usage).reduce(Usage(), +) }
    }

    /// The gateway's account, as long as it is desired and afterwards. A quota makes it count, apart from its peers.
    private static func countingAccount(in plane: DataPlane) throws -> SharedAccount {
        plane.setQuota(Quota(left: .max, action: .block), of: gatewayID)
        return try #require(plane.withCarried { $0.gateways[gatewayID]?.account })
    }

    private static func peer(_ key: PublicKey, _ address: IPv4Address, id: UInt64) -> DesiredPeer {
        DesiredPeer(
            id: .init(id),
            gatewayID: gatewayID,
            configuration: PeerConfiguration(publicKey: key),
            prefixes: [IPPrefix(.v4(address))]
        )
    }

    /// Sends from one client to another until all have arrived.
    private static func exchange(
        _ count: Int,
        from one: inout TunnelClient,
        to other: inout TunnelClient
    ) -> PacketCount {
        let packet = Packets.udp(
            from: .v4(one.address),
            to: .v4(other.address),
            [UInt8](repeating: 7, count: 1000)
        )
        for _ in 0..<count { one.send(packet) }
        one.flush()
        #expect(other.receive(count).count == count)
        return PacketCount(packets: UInt64(count), bytes: UInt64(count * packet.count))
    }

    @Test(
        "usage of peers is reported as it grows, once more when they are gone, and sums up to the gateway's",
        arguments: [1, 2]
    )
    func lives(workers: Int) async throws {
        let hub = try await Hub(workers: workers)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        var bob = try TunnelClient("10.9.0.3", hub: hub.key, at: hub.port)
        let (one, other) = (
            Self.peer(alice.publicKey, alice.address, id: 1),
            Self.peer(bob.publicKey, bob.address, id: 2)
        )
        _ = await hub.plane.reconcile([.peer(one), .peer(other)])
        #expect([alice.connect(), bob.connect()] == [true, true])
        let whole = try Self.countingAccount(in: hub.plane)
        var ledger = Ledger()
        ledger.add(await hub.plane.report())
        #expect(ledger.peers.isEmpty, "handshakes are no usage")

        let first = Self.exchange(100, from: &alice, to: &bob)
        ledger.add(await hub.plane.report())
        #expect(ledger.usage(of: one.id).received.hairpin == first)
        #expect(ledger.usage(of: other.id).sent.hairpin == first)
        #expect(whole.reading?.counted == ledger.peerSum.total.bytes)
        #expect(await hub.plane.report().peerUsage.isEmpty, "nothing is new")

        let second = Self.exchange(50, from: &bob, to: &alice)
        _ = await hub.plane.reconcile([.noPeer(one.id)])
        ledger.add(await hub.plane.report())
        #expect(ledger.usage(of: one.id).sent.hairpin == second)
        #expect(ledger.peers.values.filter(\.isLast).map(\.id) == [one.id])
        #expect(ledger.usage(of: other.id).received.hairpin == second)
        #expect(whole.reading?.counted == ledger.peerSum.total.bytes)

        // Another counting, which begins at zero.
        var again = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        _ = await hub.plane.reconcile([.peer(Self.peer(again.publicKey, again.address, id: 1))])
        #expect([again.connect()] == [true])
        let third = Self.exchange(10, from: &bob, to: &again)
        ledger.add(await hub.plane.report())
        let countings = ledger.peers.values.filter { $0.id == one.id }
        #expect(countings.count == 2)
        #expect(ledger.usage(of: one.id).sent.hairpin == second + third)
        #expect(whole.reading?.counted == ledger.peerSum.total.bytes)

        _ = await hub.plane.reconcile([.noGateway(Self.gatewayID)])
        ledger.add(await hub.plane.report())
        #expect(ledger.peers.values.allSatisfy { $0.isLast })
        #expect(whole.reading?.counted == ledger.peerSum.total.bytes)
    }

    @Test("a gateway that moves to another port counts on, and so do its peers")
    func move() async throws {
        let secret = SecretKey.random()
        let plane = try DataPlane(workers: 2)
        defer { plane.shutdown() }
        var gateway = DesiredGateway(
            id: Self.gatewayID,
            networkID: .init(0),
            configuration: .test("10.9.0.1/24", key: secret),
            listen: .loopback,
            limits: SharedLimits(quota: Quota(left: .max, action: .block))
        )
        var port = try #require(await plane.reconcile([.gateway(gateway)]).opened[Self.gatewayID])
        let whole = try Self.countingAccount(in: plane)
        var ledger = Ledger()
        var sum = PacketCount()
        for _ in 0..<2 {
            var alice = try TunnelClient("10.9.0.2", hub: X25519.publicKey(of: secret), at: port)
            var bob = try TunnelClient("10.9.0.3", hub: X25519.publicKey(of: secret), at: port)
            // The second time with other keys: the peers are installed anew.
            _ = await plane.reconcile([
                .peer(Self.peer(alice.publicKey, alice.address, id: 1)),
                .peer(Self.peer(bob.publicKey, bob.address, id: 2)),
            ])
            #expect([alice.connect(), bob.connect()] == [true, true])
            sum = sum + Self.exchange(20, from: &alice, to: &bob)
            ledger.add(await plane.report())
            sum = sum + Self.exchange(20, from: &alice, to: &bob)
            gateway.listen.address = .v4(IPv4Address(bits: ListenAddress.loopbackAddress.bits ^ 1))
            let outcome = await plane.reconcile([.gateway(gateway)])
            port = outcome.opened[Self.gatewayID] ?? port
            ledger.add(await plane.report())
            #expect(ledger.usage(of: .init(1)).received.hairpin == sum)
            #expect(ledger.usage(of: .init(2)).sent.hairpin == sum)
            #expect(whole.reading?.counted == ledger.peerSum.total.bytes)
            gateway.listen.address = .v4(ListenAddress.loopbackAddress)
            port =
                await plane.reconcile([.gateway(gateway)]).opened[Self.gatewayID] ?? port
        }
        #expect(ledger.peers.count == 2)
        #expect(ledger.peers.values.allSatisfy { !$0.isLast })
    }
    @Test(
        "what is forwarded between the planning of a change and its end is reported, whatever is reported meanwhile",
        arguments: [true, false],
        [true, false]
    )
    func meanwhile(isRemoved: Bool, isKnown: Bool) async throws {
        let hub = try await Hub(workers: 2)
        defer { hub.plane.shutdown() }
        var alice = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        var bob = try TunnelClient("10.9.0.3", hub: hub.key, at: hub.port)
        var again = try TunnelClient("10.9.0.2", hub: hub.key, at: hub.port)
        let one = Self.peer(alice.publicKey, alice.address, id: 1)
        let other = Self.peer(bob.publicKey, bob.address, id: 2)
        _ = await hub.plane.reconcile([.peer(one), .peer(other)])
        #expect([alice.connect(), bob.connect()] == [true, true])
        let whole = try Self.countingAccount(in: hub.plane)
        var ledger = Ledger()
        var sum = PacketCount()
        if isKnown {
            sum = sum + Self.exchange(20, from: &alice, to: &bob)
            ledger.add(await hub.plane.report())
        }

        let workers = HeldWorkers(plane: hub.plane)
        let next = Self.peer(again.publicKey, again.address, id: 1)
        async let change = workers.perform(
            [isRemoved ? .noPeer(one.id) : .peer(next)],
            at: BootClock.moment.wall
        )
        await workers.planned()
        ledger.add(await hub.plane.report())
        sum = sum + Self.exchange(30, from: &alice, to: &bob)
        ledger.add(await hub.plane.report())
        workers.goOn()
        _ = await change
        ledger.add(await hub.plane.report())
        #expect(ledger.usage(of: one.id).received.hairpin == sum)

        if !isRemoved {
            #expect([again.connect()] == [true])
            sum = sum + Self.exchange(10, from: &again, to: &bob)
            ledger.add(await hub.plane.report())
            #expect(ledger.usage(of: one.id).received.hairpin == sum)
        }
        let ended = ledger.peers.values.filter { $0.id == one.id && $0.isLast }
        #expect(ended.count == (isRemoved || !isKnown ? 1 : 0))
        #expect(whole.reading?.counted == ledger.peerSum.total.bytes)
    }
}

/// Workers that are told changes only when that is allowed.
private struct HeldWorkers: Reconciling {
    let plane: DataPlane
    private let plans = AsyncStream<Void>.makeStream()
    private let permission = AsyncStream<Void>.makeStream()

    init(plane: DataPlane) { self.plane = plane }

    /// Returns when a change is planned.
    func planned() async { for await _ in plans.stream {} }

    func goOn() { permission.continuation.finish() }

    func withCarried<Result>(_ body: (inout CarriedState) -> Result) -> Result {
        plane.withCarried(body)
    }

    func open(
        _ handle: GatewayHandle,
        _ configuration: GatewayConfiguration,
        listen: ListenAddress,
        placement: UInt32
    ) async throws(SystemError) -> UInt16 {
        try await plane.open(handle, configuration, listen: listen, placement: placement)
    }

    func close(_ handle: GatewayHandle, placement: UInt32) async {
        await plane.close(handle, placement: placement)
    }

    func apply(_ changes: [DataPlaneChange], placement: UInt32) async {
        plans.continuation.finish()
        for await _ in permission.stream {}
        await plane.apply(changes, placement: placement)
    }
}
