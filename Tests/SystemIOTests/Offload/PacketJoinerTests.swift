import SystemIO
import TestSupport
import Testing
import TunnelTestSupport

@Suite("Joining packets on their way to a TUN device")
struct PacketJoinerTests {
    @Test(
        "packets of one flow that follow each other are written as one run",
        arguments: [false, true],
        [false, true]
    )
    func neighbours(isIPv6: Bool, isTCP: Bool) {
        var flow = Flow(isIPv6: isIPv6, isTCP: isTCP)
        let packets = [700, 700, 700, 300].map { flow.next(bytes($0)) }
        let runs = Framing.join(packets)
        #expect(runs.map(\.packets) == [4])
        let start: UInt16 = isIPv6 ? 40 : 20
        #expect(
            runs.first?.header
                == OffloadHeader(
                    kind: isTCP ? (isIPv6 ? .tcpV6 : .tcpV4) : .udp,
                    needsChecksum: true,
                    headerLength: start + (isTCP ? 20 : 8),
                    segmentSize: 700,
                    checksumStart: start,
                    checksumOffset: isTCP ? 16 : 6
                )
        )
        #expect(runs.first?.bytes.count == packets[0].count + 700 + 700 + 300)
        #expect(runs.first.flatMap(Framing.cut) == packets)
    }

    @Test(
        "a run that the kernel refuses is written packet by packet as they came",
        arguments: [false, true]
    )
    func refused(isTCP: Bool) {
        var flow = Flow(isTCP: isTCP)
        var packets = (0..<3).map { flow.next(bytes(500, $0)) }
        packets.append(flow.next(bytes(100), flags: 0x18))
        let singly = Framing.join(packets, writing: Framing.singly)
        #expect(singly.map(\.bytes) == packets)
        #expect(singly.allSatisfy { $0.header == .plain })
    }

    /// Each spoils the second of three packets, or what stands between two.
    private static let obstacles: [(String, @Sendable (inout [UInt8], Bool) -> Void)] = [
        ("SYN", { packet, isTCP in if isTCP { packet[33] |= 0x02 } else { packet[1] = 4 } }),
        ("FIN", { packet, isTCP in if isTCP { packet[33] |= 0x01 } else { packet[1] = 4 } }),
        ("acknowledged number", { packet, isTCP in packet[isTCP ? 31 : 8] ^= 1 }),
        ("window", { packet, isTCP in packet[isTCP ? 34 : 8] ^= 1 }),
        ("sequence number", { packet, isTCP in packet[isTCP ? 27 : 8] ^= 1 }),
        ("hop limit", { packet, _ in packet[8] -= 1 }),
        ("class", { packet, _ in packet[1] ^= 3 }),
        ("fragment", { packet, _ in packet[6] = 0x20 }),
        ("source", { packet, _ in packet[15] ^= 1 }),
        ("port", { packet, _ in packet[21] ^= 0x80 }),
    ]

    @Test(
        "a packet that differs joins no run, and none of its flow overtakes it",
        arguments: 0..<10,
        [false, true]
    )
    func differing(obstacle: Int, isTCP: Bool) {
        var flow = Flow(isTCP: isTCP)
        var packets = (0..<3).map { flow.next(bytes(200, $0)) }
        Self.obstacles[obstacle].1(&packets[1], isTCP)
        packets[1] = Packets.setHeaderChecksum(of: packets[1])
        packets[1] = Packets.setChecksum(
            of: packets[1],
            proto: isTCP ? 6 : 17,
            at: isTCP ? 16 : 6
        )
        let runs = Framing.join(packets)
        let cut = runs.flatMap { Framing.cut($0) ?? [] }.map(withoutNumber)
        packets = packets.map(withoutNumber)
        // UDP goes on around a packet of another flow; TCP lacks a number then.
        let isOtherFlow = ["source", "port"].contains(Self.obstacles[obstacle].0)
        #expect(cut == (isOtherFlow && !isTCP ? [packets[0], packets[2], packets[1]] : packets))
    }

    /// A number of identification means nothing where fragments are forbidden, and a run counts its own.
    private func withoutNumber(_ packet: [UInt8]) -> [UInt8] {
        var packet = packet
        packet.replaceSubrange(4..<6, with: [0, 0])
        return Packets.setHeaderChecksum(of: packet)
    }

    @Test(
        "a packet with a wrong checksum stays one that its receiver sees to be wrong",
        arguments: [0, 1],
        [false, true]
    )
    func wrongChecksum(number: Int, isTCP: Bool) {
        var flow = Flow(isTCP: isTCP)
        var packets = (0..<2).map { flow.next(bytes(200, $0)) }
        packets[number][60] ^= 0x10
        let runs = Framing.join(packets)
        #expect(runs.map(\.packets) == [1, 1])
        #expect(runs.map(\.bytes) == packets)
    }

    @Test("packets that routers may fragment keep their numbers, so a run of them has no gap")
    func numbered() {
        var flow = Flow(isTCP: false, mayFragment: true)
        var packets = (0..<2).map { _ in flow.next(bytes(200)) }
        flow.identification &+= 1
        packets.append(flow.next(bytes(200)))
        let runs = Framing.join(packets)
        #expect(runs.map(\.packets) == [2, 1])
        #expect(runs.flatMap { Framing.cut($0) ?? [] } == packets)
    }

    @Test("segments with other TCP options join no run")
    func options() {
        var flow = Flow(options: [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2])
        var packets = [flow.next(bytes(200))]
        flow.options[7] = 2
        packets.append(flow.next(bytes(200)))
        #expect(Framing.join(packets).map(\.bytes) == packets)
    }

    @Test("a UDP datagram without a checksum joins no run")
    func withoutChecksum() {
        var flow = Flow(isTCP: false)
        var packets = (0..<2).map { _ in flow.next(bytes(200)) }
        for index in packets.indices { packets[index].replaceSubrange(26...27, with: [0, 0]) }
        #expect(Framing.join(packets).map(\.bytes) == packets)
    }

    @Test("what the kernel does not take in runs is not joined")
    func notTaken() {
        var (segments, datagrams) = (Flow(), Flow(isTCP: false))
        let tcp = (0..<2).map { segments.next(bytes(99, $0)) }
        let udp = (0..<2).map { datagrams.next(bytes(99, $0)) }
        #expect(Framing.join(tcp + udp, joining: .tcp).map(\.packets) == [2, 1, 1])
        #expect(Framing.join(tcp + udp, joining: .udp).map(\.packets) == [1, 1, 2])
        #expect(Framing.join(tcp + udp, joining: []).map(\.packets) == [1, 1, 1, 1])
    }

    @Test("a run has at most 64 packets and 65535 bytes")
    func limits() {
        var small = Flow()
        #expect(
            Framing.join((0..<130).map { _ in small.next(bytes(10)) }).map(\.packets) == [
                64, 64, 2,
            ]
        )
        var large = Flow()
        let runs = Framing.join((0..<60).map { _ in large.next(bytes(1_400)) })
        #expect(runs.map(\.packets) == [46, 14])
    }

    @Test(
        "packets of several flows, joined and cut again, are what they were, each flow in its order",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var flows: [Flow] = []
        let options: [UInt8] = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]
        for number in 0..<6 {
            var flow = Flow(isIPv6: number % 2 == 1, isTCP: number < 4, port: UInt8(number))
            flow.options = number % 3 == 0 ? options : []
            flow.mayFragment = number % 4 == 0
            flow.sequence = UInt32(truncatingIfNeeded: random.next())
            flow.identification = UInt16(truncatingIfNeeded: random.next())
            flows.append(flow)
        }
        let sizes = [0, 1, 99, 512, 512, 512, 1_200, 1_200]
        var packets: [[UInt8]] = []
        while packets.count < 400 {
            let flow = Int.random(in: 0..<flows.count, using: &random)
            let size = sizes.randomElement(using: &random) ?? 1
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let isPushed = Int.random(in: 0..<9, using: &random) == 0
                packets.append(
                    flows[flow].next(bytes(size, packets.count), flags: isPushed ? 0x18 : 0x10)
                )
            }
        }
        let runs = Framing.join(packets)
        let cut = try runs.flatMap { try #require(Framing.cut($0)) }
        #expect(runs.count < packets.count / 2)
        for port in 0..<UInt8(flows.count) {
            let isOfFlow = { (packet: [UInt8]) in
                packet[Packets.headerLength(packet) + 1] == port
            }
            #expect(cut.filter(isOfFlow) == packets.filter(isOfFlow))
        }
    }
}
