import NetAddress
import SystemIO
import Testing

@testable import LoadGenerator

@Suite("The inner packets of a run")
struct ProbePacketTests {
    @Test(
        "both checksums of a probe packet are right",
        arguments: [44, 45, 100, 256, 1419, 1420, 8900]
    )
    func checksums(size: Int) throws {
        let sample = Sample(size: size)
        for sequence in 0..<300 as Range<UInt64> {
            var packet = sample.sent(sequence: sequence)
            var header = InternetChecksum()
            header.add(&packet, count: 20)
            #expect(header.value == 0)
            var udp = InternetChecksum()
            packet.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                udp.add(base + 12, count: size - 12)
            }
            udp.add(17)
            udp.add(UInt16(size - 20))
            #expect(udp.value == 0)
            #expect(packet[26] != 0 || packet[27] != 0, "zero would mean that there is none")
        }
    }

    @Test(
        "a probe packet that a hub has forwarded is intact, with and without padding",
        arguments: [44, 45, 256]
    )
    func intact(size: Int) {
        let sample = Sample(size: size)
        for sequence in [0, 1, 127, 128, 1 << 40] as [UInt64] {
            let packet = sample.forwarded(burst: 9, sequence: sequence)
            for padding in [0, 1, 15] {
                let padded = packet + Array(repeating: 0, count: padding)
                #expect(sample.finding(padded) == .intact(burst: 9, sequence: sequence))
            }
        }
    }

    @Test("every changed bit of a probe packet is found, padding included")
    func mutations() {
        let sample = Sample(size: 77)
        let packet = sample.forwarded(burst: 3, sequence: 1_000_003) + [0, 0, 0]
        for offset in packet.indices {
            for bit in 0..<8 {
                var changed = packet
                changed[offset] ^= 1 << bit
                #expect(sample.finding(changed).isWrong, "bit \(bit) of byte \(offset)")
            }
        }
    }

    @Test("a probe packet's header may differ in what a router may choose, and in nothing else")
    func router() {
        let sample = Sample(size: 60)
        func finding(_ change: (inout [UInt8]) -> Void) -> ProbePacket.Finding {
            sample.finding(sample.forwarded(burst: 3, sequence: 5, change))
        }
        let intact = ProbePacket.Finding.intact(burst: 3, sequence: 5)
        #expect(finding { ($0[4], $0[5]) = (0x12, 0x34) } == intact, "the identification")
        #expect(finding { $0[1] = 46 << 2 } == intact, "the DSCP")
        #expect(finding { $0[1] = 3 }.isWrong, "congestion, to one who did not ask")
        #expect(finding { $0[6] = 0 }.isWrong, "that it may be fragmented")
        #expect(finding { $0[7] = 1 }.isWrong, "that it is a fragment")
        #expect(finding { $0[9] = 6 }.isWrong, "the protocol")
        #expect(finding { $0[15] = 9 }.isWrong, "the sender")
    }

    @Test("a probe packet cut short at any byte is found")
    func cuts() {
        let sample = Sample(size: 60)
        let packet = sample.forwarded(burst: 0, sequence: 5)
        for count in 0..<packet.count {
            #expect(sample.finding(Array(packet[..<count])).isWrong, "\(count) bytes")
        }
    }

    @Test("a probe packet that was not routed, or of another stream, is wrong")
    func strangers() {
        let sample = Sample(size: 60)
        #expect(sample.finding(sample.sent(sequence: 0)).isWrong, "its hop limit")
        #expect(sample.finding(sample.forwarded(stream: 8, burst: 0, sequence: 0)).isWrong)
    }

    @Test(
        "an ICMP error that names the gateway's MTU is told as the reason of a wrong probe packet"
    )
    func packetTooBig() {
        let sample = Sample(size: 60)
        var packet = sample.forwarded(burst: 0, sequence: 0)
        (packet[9], packet[20], packet[21]) = (1, 3, 4)
        guard case .wrong(let reason) = sample.finding(packet) else {
            Issue.record("it was taken for one of ours")
            return
        }
        #expect(reason.contains("MTU"))
    }
}

/// Packets of one stream, as they are sent and as a router passes them on.
private struct Sample: ~Copyable {
    let probe: ProbePacket
    private let header: UnsafeMutablePointer<UInt8>
    private static let stream: UInt32 = 7

    init(size: Int) {
        probe = ProbePacket(size: size)
        header = .allocate(capacity: ProbePacket.headerLength)
        probe.writeHeader(
            to: header,
            from: IPv4Address(bits: 0x0a00_0002),
            to: IPv4Address(bits: 0x0a00_0003)
        )
    }

    deinit { header.deallocate() }

    func sent(stream: UInt32 = stream, burst: UInt32 = 0, sequence: UInt64) -> [UInt8] {
        Array(unsafeUninitializedCapacity: probe.size) { bytes, count in
            guard let base = bytes.baseAddress else { return }
            probe.write(
                to: base,
                header: header,
                headerSum: probe.headerSum(of: header),
                stream: stream,
                burst: burst,
                sequence: sequence
            )
            count = probe.size
        }
    }

    func forwarded(
        stream: UInt32 = stream,
        burst: UInt32,
        sequence: UInt64,
        _ change: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var packet = sent(stream: stream, burst: burst, sequence: sequence)
        change(&packet)
        packet.withUnsafeMutableBufferPointer { bytes in
            if let base = bytes.baseAddress { ProbePacket.route(base) }
        }
        return packet
    }

    func finding(_ packet: [UInt8]) -> ProbePacket.Finding {
        var packet = packet
        let count = packet.count
        packet.reserveCapacity(probe.size)
        return packet.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return .wrong("nothing") }
            return probe.check(
                base,
                count: count,
                header: header,
                headerSum: probe.headerSum(of: header),
                stream: Self.stream
            )
        }
    }
}

extension ProbePacket {
    /// What a router does to a packet.
    static func route(_ packet: UnsafeMutablePointer<UInt8>) {
        packet[8] -= 1
        packet.store(0 as UInt16, at: 10)
        var sum = InternetChecksum()
        sum.add(packet, count: 20)
        packet.store(sum.value.bigEndian, at: 10)
    }
}

extension ProbePacket.Finding {
    fileprivate var isWrong: Bool {
        if case .wrong = self { true } else { false }
    }
}
