import SystemIO
import Testing
import TunnelTestSupport

@Suite("Cutting what the kernel hands over in one piece")
struct PacketCutterTests {
    private func header(
        _ kind: OffloadHeader.Kind,
        size: UInt16,
        start: UInt16,
        offset: UInt16
    ) -> OffloadHeader {
        OffloadHeader(
            kind: kind,
            needsChecksum: true,
            headerLength: 0,
            segmentSize: size,
            checksumStart: start,
            checksumOffset: offset
        )
    }

    @Test("the header of a packet of a TUN device has the layout of virtio_net_hdr")
    func layout() {
        let header = header(.udp, size: 0x0102, start: 0x0304, offset: 0x0506)
        var memory = [UInt8](repeating: 0xff, count: OffloadHeader.length)
        memory.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            header.write(to: base)
            #expect(OffloadHeader(base) == header)
        }
        #expect(memory[0...3] == [1, 5, 0, 0])
        let words = [0x0102, 0x0304, 0x0506] as [UInt16]
        #expect(
            Array(memory[4...]) == words.flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
        )
    }

    @Test(
        "a run of TCP segments is cut into packets with the right lengths, numbers, flags and checksums",
        arguments: [false, true],
        [[], [1, 1, 8, 10, 0, 1, 2, 3, 4, 5, 6, 7]] as [[UInt8]]
    )
    func tcp(isIPv6: Bool, options: [UInt8]) throws {
        var flow = Flow(isIPv6: isIPv6, options: options, sequence: .max - 500)
        let payload = bytes(2_500)
        // Everything that only one of the packets keeps: FIN, PSH, CWR; and ECE, which all keep.
        let whole = flow.next(payload, flags: 0xd9)
        let start = isIPv6 ? 40 : 20
        let kind: OffloadHeader.Kind = isIPv6 ? .tcpV6 : .tcpV4
        let cut = try #require(
            Framing.cut(header(kind, size: 1_000, start: UInt16(start), offset: 16), whole)
        )

        var expected: [[UInt8]] = []
        var single = Flow(isIPv6: isIPv6, options: options, sequence: .max - 500)
        for (number, flags) in [0xd0, 0x50, 0x59].enumerated() as EnumeratedSequence<[UInt8]> {
            let part = payload[number * 1_000..<min(number * 1_000 + 1_000, 2_500)]
            expected.append(single.next(Array(part), flags: flags))
        }
        #expect(cut == expected)
    }

    @Test(
        "a run of UDP datagrams is cut into packets of one size, the last one shorter",
        arguments: [false, true]
    )
    func udp(isIPv6: Bool) throws {
        var flow = Flow(isIPv6: isIPv6, isTCP: false)
        let payload = bytes(1_301)
        let whole = flow.next(payload)
        let start: UInt16 = isIPv6 ? 40 : 20
        let cut = try #require(
            Framing.cut(header(.udp, size: 500, start: start, offset: 6), whole)
        )
        var single = Flow(isIPv6: isIPv6, isTCP: false)
        let parts = [payload[..<500], payload[500..<1_000], payload[1_000...]]
        #expect(cut == parts.map { single.next(Array($0)) })
    }

    @Test(
        "the checksum that the kernel left out of a single packet is filled in",
        arguments: [false, true]
    )
    func missingChecksum(isTCP: Bool) throws {
        var flow = Flow(isTCP: isTCP)
        let right = flow.next(bytes(333))
        var packet = right
        let place = isTCP ? 36 : 26
        // As the kernel leaves it: the sum of the pseudo-header.
        let pseudo =
            Array(right[12..<20]) + [0, isTCP ? 6 : 17] + Packets.bytes(UInt16(right.count - 20))
        packet.replaceSubrange(place..<place + 2, with: Packets.bytes(~Packets.checksum(pseudo)))
        let left = header(.single, size: 0, start: 20, offset: isTCP ? 16 : 6)
        #expect(try #require(Framing.cut(left, packet)) == [right])
        #expect(try #require(Framing.cut(.plain, packet)) == [packet])
    }

    @Test(
        "a header that does not fit its packet is refused",
        arguments: [
            (.tcpV4, 20, 1_000, 16), (.tcpV4, 24, 1_000, 0), (.tcpV6, 20, 1_000, 0),
            (.udp, 20, 1_000, 0), (.tcpV4, 20, 0, 0), (.tcpV4, 65_535, 1_000, 0),
            (.single, 65_535, 0, 65_535), (.single, 1_000, 0, 55), (nil, 20, 1_000, 0),
        ] as [(OffloadHeader.Kind?, UInt16, UInt16, UInt16)]
    )
    func misfits(kind: OffloadHeader.Kind?, start: UInt16, size: UInt16, offset: UInt16) {
        var flow = Flow()
        // A header length that ends outside, in the one case that gets so far.
        var packet = flow.next(bytes(1_014))
        if offset == 16 { packet[32] = 0x40 }
        var misfit = header(kind ?? .single, size: size, start: start, offset: offset)
        misfit.kind = kind
        #expect(Framing.cut(misfit, packet) == nil)
    }

    @Test("a fragment is no run", arguments: [0x20, 0x01] as [UInt8])
    func fragment(bits: UInt8) {
        var flow = Flow()
        var packet = flow.next(bytes(2_000))
        packet[6] = bits
        #expect(Framing.cut(header(.tcpV4, size: 1_000, start: 20, offset: 16), packet) == nil)
    }
}
