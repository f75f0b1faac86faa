import NetAddress
import Testing
import TunnelTestSupport

@testable import WireGuardEngine

@Suite("A TCP connection through the gateway begins with segments that fit its way")
struct ClampMSSTests {
    private let hub: Hub

    private static let largest: [UInt8] = [2, 4] + Packets.bytes(UInt16(1460))

    init() throws {
        hub = try Hub()
        hub.connect()
    }

    private func syn(
        _ family: Family,
        flags: UInt8 = 0x02,
        options: [UInt8] = largest,
        payload: [UInt8] = []
    ) -> [UInt8] {
        Packets.tcp(
            from: family.first,
            to: family.second,
            flags: flags,
            options: options,
            payload: payload
        )
    }

    /// The packet one hop further, with another segment size in the option at a byte of its TCP
    /// header and with right checksums.
    private func expected(_ packet: [UInt8], size: UInt16?, at option: Int = 20) -> [UInt8] {
        var packet = packet
        let isIPv6 = packet[0] >> 4 == 6
        let header = Packets.headerLength(packet)
        packet[isIPv6 ? 7 : 8] -= 1
        if !isIPv6 { packet = Packets.setHeaderChecksum(of: packet) }
        guard let size else { return packet }
        let place = header + option + 2
        packet.replaceSubrange(place...place + 1, with: Packets.bytes(size))
        return Packets.setChecksum(of: packet, proto: 6, at: 16)
    }

    /// What the MTU of 1420 carries.
    private func size(_ family: Family) -> UInt16 { family.isIPv6 ? 1360 : 1380 }

    @Test(
        "a SYN and a SYN-ACK arrive with the TCP segment size that the MTU carries",
        arguments: Family.both,
        [0x02, 0x12, 0xc2, 0x1a] as [UInt8]
    )
    func clamps(family: Family, flags: UInt8) {
        let packet = syn(family, flags: flags, payload: [1, 2, 3])
        #expect(hub.forward(packet) == [expected(packet, size: size(family))])
    }

    @Test(
        "a SYN's MSS option is clamped behind other options, at even and at odd bytes",
        arguments: Family.both
    )
    func behindOthers(family: Family) {
        for padding in 0...7 {
            let before = [UInt8](repeating: 1, count: padding)
            let behind = [UInt8](repeating: 1, count: (8 - padding) % 4)
            let packet = syn(
                family,
                options: [4, 2] + before + Self.largest + behind + [1, 1]
            )
            #expect(
                hub.forward(packet) == [expected(packet, size: size(family), at: 22 + padding)],
                "\(padding)"
            )
        }
    }

    @Test(
        "each MSS option of a SYN is clamped, as a receiver may go by any of them",
        arguments: Family.both
    )
    func several(family: Family) throws {
        let packet = syn(family, options: Self.largest + Self.largest)
        let once = expected(packet, size: size(family))
        let place = Packets.headerLength(packet) + 26
        var twice = once
        twice.replaceSubrange(place...place + 1, with: Packets.bytes(size(family)))
        twice = Packets.setChecksum(of: twice, proto: 6, at: 16)
        #expect(hub.forward(packet) == [twice])
    }

    @Test(
        "an MSS that fits the MTU is not raised",
        arguments: Family.both,
        [0, 1, 536, 1220, 1359] as [UInt16]
    )
    func neverRaises(family: Family, announced: UInt16) {
        let packet = syn(family, options: [2, 4] + Packets.bytes(announced))
        #expect(hub.forward(packet) == [expected(packet, size: nil)])
    }

    @Test(
        "TCP segments other than SYN and SYN-ACK are forwarded as they are",
        arguments: Family.both,
        [0x00, 0x10, 0x18, 0x01, 0x04, 0x06, 0x14] as [UInt8]
    )
    func otherSegments(family: Family, flags: UInt8) {
        let packet = syn(family, flags: flags)
        #expect(hub.forward(packet) == [expected(packet, size: nil)])
    }

    @Test(
        "a SYN with a malformed header or list of options is forwarded as it is",
        arguments: Family.both,
        [
            [2, 4, 5, 0xb4, 3, 0, 1, 1],  // a length of none
            [2, 4, 5, 0xb4, 3, 1, 1, 1],  // a length that does not hold itself
            [2, 4, 5, 0xb4, 3, 5, 1, 1],  // behind the header
            [2, 4, 5, 0xb4, 1, 1, 1, 8],  // no length
            [2, 3, 5, 0xb4, 1, 1, 1, 1],  // an MSS option of another length
            [2, 6, 5, 0xb4, 0, 0, 1, 1],
            [0, 0, 0, 0, 2, 4, 5, 0xb4],  // behind the end of the list
            [1, 1, 1, 1, 1, 1, 2, 4],  // cut off
        ] as [[UInt8]]
    )
    func malformedOptions(family: Family, options: [UInt8]) {
        let packet = syn(family, options: options)
        #expect(hub.forward(packet) == [expected(packet, size: nil)])
    }

    @Test(
        "a SYN whose TCP header is cut off, at any byte, is forwarded as it is",
        arguments: Family.both
    )
    func cutOff(family: Family) {
        let whole = syn(family)
        let header = Packets.headerLength(whole)
        for count in header..<whole.count {
            var packet = Array(whole[..<count])
            let length = UInt16(family.isIPv6 ? count - 40 : count)
            let place = family.isIPv6 ? 4 : 2
            packet.replaceSubrange(place...place + 1, with: Packets.bytes(length))
            if !family.isIPv6 { packet = Packets.setHeaderChecksum(of: packet) }
            #expect(hub.forward(packet) == [expected(packet, size: nil)], "\(count - header)")
        }
    }

    @Test("the MSS of a SYN behind IPv4 options is clamped")
    func optionsOfIPv4() {
        var packet = syn(.v4)
        packet.insert(contentsOf: [1, 1, 1, 0, 2, 4, 5, 0xb4], at: 20)
        packet[0] = 0x47
        packet.replaceSubrange(2...3, with: Packets.bytes(UInt16(packet.count)))
        packet = Packets.setHeaderChecksum(of: packet)
        #expect(hub.forward(packet) == [expected(packet, size: 1380)])
    }

    @Test(
        "the MSS of a fragmented SYN is clamped in its first fragment, and the others stay as they are"
    )
    func fragmentsOfIPv4() {
        for (bits, size) in [(UInt16(0x2000), UInt16?.some(1380)), (0x2001, nil), (0x0001, nil)] {
            var packet = syn(.v4, payload: [UInt8](repeating: 7, count: 20))
            packet.replaceSubrange(6...7, with: Packets.bytes(bits))
            packet = Packets.setHeaderChecksum(of: packet)
            #expect(hub.forward(packet) == [expected(packet, size: size)])
        }
    }

    private static let lastExtension: [UInt8] = [6, 0, 1, 4, 0, 0, 0, 0]

    /// A SYN behind extension headers, and where its TCP header begins.
    private func syn(behind headers: [[UInt8]], first: UInt8) -> (packet: [UInt8], start: Int) {
        let segment = syn(.v6)[40...]
        let bytes = headers.flatMap { $0 }
        let packet = Packets.ip(from: "fd00::2", to: "fd00::3", proto: first, bytes + segment)
        return (packet, 40 + bytes.count)
    }

    @Test("the MSS of a SYN behind IPv6 extension headers is clamped")
    func extensionHeaders() throws {
        let chains: [(first: UInt8, headers: [[UInt8]])] = [
            (0, [Self.lastExtension]),
            (60, [[6, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]),
            (0, [[43, 0, 1, 4, 0, 0, 0, 0], [60, 0, 4, 0, 0, 0, 0, 0], Self.lastExtension]),
            (44, [[6, 0, 0, 0, 0, 0, 0, 9]]),  // a fragment that is the whole
            (44, [[6, 0, 0, 1, 0, 0, 0, 9]]),  // the first fragment
        ]
        for chain in chains {
            let (packet, start) = syn(behind: chain.headers, first: chain.first)
            let arrived = try #require(hub.forward(packet).first)
            #expect(arrived[(start + 22)...] == ArraySlice(Packets.bytes(UInt16(1360))))
            #expect(Packets.transportChecksum(arrived, proto: 6, from: start) == 0)
        }
    }

    @Test(
        "MSS clamping touches nothing behind a later fragment's header, another protocol or many headers"
    )
    func otherExtensionHeaders() {
        let chains: [(first: UInt8, headers: [[UInt8]])] = [
            (44, [[6, 0, 0, 9, 0, 0, 0, 9]]),  // a later fragment
            (0, [[17, 0, 1, 4, 0, 0, 0, 0]]),  // UDP
            (51, [[6, 4, 0, 0] + [UInt8](repeating: 0, count: 20)]),  // authenticated
            (60, [[UInt8]](repeating: [60, 0, 1, 4, 0, 0, 0, 0], count: 8) + [Self.lastExtension]),
            (0, [[6, 9, 1, 4, 0, 0, 0, 0]]),  // behind the packet's end
        ]
        for chain in chains {
            let (packet, _) = syn(behind: chain.headers, first: chain.first)
            #expect(hub.forward(packet) == [expected(packet, size: nil)])
        }
    }

    @Test(
        "the MSS of a SYN anywhere in a run of a flow's packets is clamped",
        arguments: Family.both
    )
    func inRuns(family: Family) throws {
        for place in 0..<5 {
            let packets = (0..<5).map { index in
                index == place
                    ? syn(family)
                    : syn(family, flags: 0x10, options: [], payload: [UInt8(index), 0, 0, 0])
            }
            let sealed = try packets.map {
                try hub.clients[0].seal($0, for: PeerHandle(slot: 0, generation: 1))
            }
            hub.clients[1].received.removeAll()
            hub.simulation.transmit(
                hub.gateway.receive(
                    sealed.flatMap { $0 },
                    from: hub.clients[0].endpoint,
                    segmentSize: sealed[0].count,
                    at: hub.simulation.moment
                )
            )
            hub.simulation.settle()
            let arrived = packets.enumerated().map { index, packet in
                expected(packet, size: index == place ? size(family) : nil)
            }
            #expect(hub.clients[1].received == arrived, "\(place)")
        }
    }

    @Test("the MSS of a SYN that waited for its receiver's session is clamped")
    func staged() throws {
        let hub = try Hub()
        hub.connect()
        hub.simulation.jump(to: hub.simulation.now + .seconds(200))
        // The sender's session is renewed first; the receiver's is old when the SYN comes.
        let packet = syn(.v4)
        #expect(hub.forward(packet) == [expected(packet, size: 1380)])
    }
}
