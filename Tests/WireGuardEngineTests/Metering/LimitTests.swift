import NetAddress
import Testing
import TunnelTestSupport
import WireGuardCrypto

@testable import WireGuardEngine

@Suite("A peer's limits")
struct LimitTests {
    private static let length = 1028
    private static let rate: UInt64 = 1_000_000
    /// What a bucket of that rate holds.
    private static let burst = 32_768

    private let egress: EgressHub

    private var hub: Hub { egress.hub }
    private var gateway: SimulatedNode { egress.gateway }
    private var moment: Moment { hub.simulation.moment }

    init() throws {
        egress = try EgressHub(internet: true, workers: 3)
    }

    private static func packet(from one: String, to other: String) -> [UInt8] {
        Packets.udp(from: one, to: other, String(repeating: "x", count: length - 28))
    }

    /// Of one of the clients.
    private func limit(_ index: Int, to limits: PeerLimits?) {
        gateway.engine.installPeer(
            hub.handles[index],
            on: gateway.gateway,
            PeerConfiguration(publicKey: hub.clients[index].publicKey, limits: limits),
            at: moment
        )
    }

    /// Twice the rate from the first client to the second for so many seconds; gives the bytes that arrive.
    private func offer(seconds: Int) -> Int {
        hub.clients[1].received.removeAll()
        for _ in 0..<seconds * 250 {
            hub.simulation.send(Self.packet(from: "10.0.0.2", to: "10.0.0.3"), from: hub.clients[0])
            hub.simulation.run(for: .milliseconds(4))
        }
        hub.simulation.settle()
        return hub.clients[1].received.map(\.count).reduce(0, +)
    }

    @Test(
        "a rate holds in its direction over several workers, and the drops have their reason",
        arguments: [0, 1]
    )
    func rate(limited: Int) throws {
        let rates = limited == 0 ? Rates(received: Self.rate) : Rates(sent: Self.rate)
        limit(limited, to: PeerLimits(rates: rates))
        let passed = offer(seconds: 20)
        let expected = Double(Self.rate) / 8 * 20 + Double(Self.burst)
        #expect(abs(Double(passed) / expected - 1) < 0.01)
        #expect(egress.drops(.rateExceeded) == UInt64(5000 - passed / Self.length))
        // What was dropped is not counted as the limited peer's.
        let usage = gateway.usage(of: hub.handles[limited])
        #expect(usage.total.bytes == UInt64(passed))
        #expect(
            gateway.engine.trouble(of: hub.handles[limited])?.dropNotes.first?.reason
                == .rateExceeded
        )
    }

    @Test("a rate of the other direction, and limits of another peer, let everything through")
    func otherDirection() throws {
        limit(0, to: PeerLimits(rates: Rates(sent: Self.rate)))
        limit(1, to: PeerLimits(rates: Rates(received: Self.rate)))
        #expect(offer(seconds: 4) == 1000 * Self.length)
        #expect(gateway.drops.total == 0)
    }

    @Test("limits come and go without a new session, and limits that stay fill no bucket")
    func change() throws {
        let limits = PeerLimits(rates: Rates(received: Self.rate))
        limit(0, to: limits)
        _ = offer(seconds: 2)
        hub.simulation.forgetLog()
        limit(0, to: PeerLimits(rates: limits.rates))
        #expect(offer(seconds: 1) < 130 * Self.length)
        limit(0, to: nil)
        #expect(offer(seconds: 1) == 250 * Self.length)
        #expect(!hub.simulation.log.contains { $0.datagram.kind == .initiation })
    }

    @Test("a quota that is used up blocks both directions, and what the gateway says goes on")
    func block() throws {
        limit(0, to: PeerLimits(quota: Quota(left: 10_000, action: .block)))
        #expect(offer(seconds: 1) == 9 * Self.length)
        #expect(egress.drops(.quotaUsedUp) == 241)
        let back = Packets.udp(from: "10.0.0.3", to: "10.0.0.2", "back")
        hub.clients[0].received.removeAll()
        hub.simulation.send(back, from: hub.clients[1])
        hub.simulation.settle()
        #expect(hub.clients[0].received.isEmpty)
        #expect(egress.drops(.quotaUsedUp) == 242)
        #expect(hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.1")).count == 1)
        #expect(gateway.usage(of: hub.handles[0]).total.bytes == UInt64(9 * Self.length))
    }

    @Test("what was counted since a quota was told is taken off, once")
    func countedQuota() throws {
        #expect(offer(seconds: 1) == 250 * Self.length)
        let account = try #require(gateway.account(of: hub.handles[0]))
        let counting = Counting(account.counting)
        func set(_ packets: Int, since counted: Int? = nil) {
            let since = counted.map {
                Reading(counting: counting, counted: UInt64($0 * Self.length))
            }
            let left = UInt64(packets * Self.length)
            account.setQuota(Quota(left: left, since: since, action: .block))
        }
        set(260, since: 50)
        #expect(offer(seconds: 1) == 60 * Self.length)
        // Told again of an earlier moment: nothing is left.
        set(30, since: 280)
        #expect(offer(seconds: 1) == 0)
        // A new month.
        set(20)
        #expect(offer(seconds: 1) == 20 * Self.length)
        account.setQuota(nil)
        #expect(offer(seconds: 1) == 250 * Self.length)
    }

    @Test("a configuration's quota is for a peer that has none, and ends where it has none")
    func initialQuota() throws {
        func configure(_ packets: Int?, _ action: Quota.Action = .block) {
            let quota = packets.map { Quota(left: UInt64($0 * Self.length), action: action) }
            limit(0, to: PeerLimits(quota: quota))
        }
        configure(100)
        #expect(offer(seconds: 1) == 100 * Self.length)
        configure(100)
        #expect(offer(seconds: 1) == 0)
        // What is left stays; what happens then does not.
        configure(100, .throttle(Self.rate))
        #expect(offer(seconds: 1) > 30 * Self.length)
        configure(nil)
        configure(10)
        #expect(offer(seconds: 1) == 10 * Self.length)
    }

    @Test("a quota that has ended lets nothing more through when it is told again")
    func ended() throws {
        limit(0, to: PeerLimits(quota: Quota(left: 10_000, action: .block)))
        #expect(offer(seconds: 1) == 9 * Self.length)
        let account = try #require(gateway.account(of: hub.handles[0]))
        let counted = account.usage.total.bytes
        #expect(counted < 10_000)
        let since = Reading(counting: Counting(account.counting), counted: counted)
        account.setQuota(Quota(left: 10_000 - counted, since: since, action: .block))
        let small = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "small")
        #expect(hub.forward(small).isEmpty)
        account.setQuota(Quota(left: 20_000 - counted, since: since, action: .block))
        #expect(hub.forward(small).count == 1)
    }

    @Test(
        "a quota that ended with packets that were given back goes on when it is told again, unless a packet may have no room",
        arguments: [false, true]
    )
    func givenBack(byConfiguration: Bool) {
        let counting = Counting(1)
        func reading(_ packets: Int) -> Reading {
            Reading(counting: counting, counted: UInt64(packets * Self.length))
        }
        for (givenBack, passes) in [(8, 0), (9, 9), (20, 20)] {
            var allowance = Allowance()
            func passed() -> Int {
                (0..<30).count { _ in
                    allowance.take(Self.length, .received, at: moment.now) == .passes
                }
            }
            let quota = Quota(
                left: UInt64(20 * Self.length),
                since: reading(0),
                action: .block
            )
            allowance.set(quota, at: reading(0))
            #expect(passed() == 20)
            // What is behind the peer's own limits has refused them.
            allowance.giveBack(UInt64(givenBack * Self.length), .received)
            #expect(passed() == 0)
            if byConfiguration {
                allowance.adopt(Rates(), quota, at: reading(20 - givenBack))
            } else {
                allowance.set(quota, at: reading(20 - givenBack))
            }
            #expect(passed() == passes, "\(givenBack) were given back")
        }
    }

    @Test("what waits for a session is taken from a quota when it is sent")
    func staged() throws {
        limit(1, to: PeerLimits(quota: Quota(left: UInt64(20 * Self.length), action: .block)))
        let target = try gateway.record(hub.handles[1])
        let packet = Self.packet(from: "10.0.0.2", to: "10.0.0.3")
        func stage() {
            gateway.engine.eraseKeys(of: target)
            for _ in 0..<15 {
                hub.simulation.transmit(
                    hub.clients[0].send(packet, at: moment).flatMap {
                        gateway.receive($0.bytes, from: $0.from, at: moment)
                    }
                )
            }
        }
        stage()
        gateway.engine.dropStaged(of: target)
        hub.simulation.settle()
        #expect(hub.clients[1].received.isEmpty)
        stage()
        // The gateway calls it once in five seconds at most.
        hub.simulation.run(for: .seconds(6))
        #expect(hub.clients[1].received.count == 15)
        #expect(offer(seconds: 1) == 5 * Self.length)
        #expect(gateway.usage(of: hub.handles[1]).total.bytes == UInt64(20 * Self.length))
    }

    @Test("a quota that is used up leaves the rate that it names")
    func throttle() throws {
        limit(
            0,
            to: PeerLimits(
                quota: Quota(left: UInt64(100 * Self.length), action: .throttle(Self.rate))
            )
        )
        let passed = offer(seconds: 20)
        // Four tenths of a second pass before the quota ends.
        let expected = Double(100 * Self.length + Self.burst) + Double(Self.rate) / 8 * 19.6
        #expect(abs(Double(passed) / expected - 1) < 0.01)
        #expect(egress.drops(.rateExceeded) > 0 && egress.drops(.quotaUsedUp) == 0)
    }

    @Test("packets that may say so are marked before any is dropped, and others are not")
    func marking() throws {
        limit(0, to: PeerLimits(rates: Rates(received: Self.rate)))
        hub.clients[1].received.removeAll()
        for number in 0..<40 {
            var packet = Self.packet(from: "10.0.0.2", to: "10.0.0.3")
            packet[1] = number % 2 == 0 ? 0x02 : 0x00
            packet = Packets.setHeaderChecksum(of: packet)
            hub.simulation.send(packet, from: hub.clients[0])
        }
        hub.simulation.settle()
        let bits = hub.clients[1].received.map { $0[1] }
        #expect(bits.count == 31)
        let isMarked = bits.map { $0 == 0x03 }
        #expect(isMarked.count { $0 } == 2)
        #expect(isMarked.lastIndex(of: true).map { $0 >= 28 } == true)
        #expect(bits.enumerated().allSatisfy { $0.offset % 2 == 0 || $0.element == 0 })
        #expect(hub.clients[1].received.allSatisfy { Packets.checksum(Array($0[..<20])) == 0 })
    }

    @Test(
        "a mark keeps the header's checksum right",
        arguments: [0x00, 0x01, 0x02, 0x03, 0xb9, 0xba, 0xfc, 0xfd, 0xfe] as [UInt8]
    )
    func checksum(trafficClass: UInt8) {
        for identification in [UInt8(0), 0x7f, 0xff] {
            var packet = Packets.udp(from: "10.0.0.2", to: "10.0.0.3", "x")
            packet[1] = trafficClass
            packet[4] = identification
            packet = Packets.setHeaderChecksum(of: packet)
            packet.withUnsafeMutableBufferPointer { bytes in
                guard let start = bytes.baseAddress else { return }
                InnerPacket.markCongestion(start)
            }
            #expect(packet[1] == (trafficClass & 3 == 0 ? trafficClass : trafficClass | 3))
            #expect(Packets.checksum(Array(packet[..<20])) == 0)
        }
    }

    @Test(
        "a mark of an IPv6 packet changes its traffic class alone",
        arguments: [0, 1, 2, 3] as [UInt8]
    )
    func markingIPv6(bits: UInt8) {
        var packet = Packets.udp(from: "fd00::2", to: "fd00::3", "x")
        packet[0] = 0x6b
        packet[1] = 0x8f | bits << 4
        let before = packet
        packet.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            InnerPacket.markCongestion(start)
        }
        #expect(packet[1] == (bits == 0 ? before[1] : 0xbf))
        #expect(packet.dropFirst(2) == before.dropFirst(2) && packet[0] == before[0])
    }

    @Test("a peer that is installed anew with its account has no more left of its limits")
    func reinstallation() throws {
        limit(0, to: PeerLimits(quota: Quota(left: 10_000, action: .block)))
        #expect(offer(seconds: 1) == 9 * Self.length)
        let account = try #require(gateway.account(of: hub.handles[0]))
        gateway.engine.removePeer(hub.handles[0])
        let next = PeerHandle(slot: hub.handles[0].slot, generation: 2)
        gateway.engine.installPeer(
            next,
            on: gateway.gateway,
            PeerConfiguration(
                publicKey: hub.clients[0].publicKey,
                limits: PeerLimits(quota: Quota(left: 10_000, action: .block))
            ),
            charging: account,
            at: moment
        )
        try gateway.addRoute("10.0.0.2/32", to: .peer(next))
        _ = hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.1"))
        hub.simulation.run(for: .seconds(20))
        #expect(hub.answers(to: Packets.echo(from: "10.0.0.2", to: "10.0.0.1")).count == 1)
        #expect(offer(seconds: 1) == 0)
    }
}
