package import NetAddress

/// Inner packets for tests.
package enum Packets {
    /// A UDP datagram over IPv4 or IPv6 whose payload is `text`.
    package static func udp(
        from source: String,
        to destination: String,
        _ text: String,
        hopLimit: UInt8 = 64,
        mayFragment: Bool = false
    ) -> [UInt8] {
        udp(
            from: address(source),
            to: address(destination),
            Array(text.utf8),
            hopLimit: hopLimit,
            mayFragment: mayFragment
        )
    }

    package static func udp(
        from source: IPAddress,
        to destination: IPAddress,
        _ payload: [UInt8],
        hopLimit: UInt8 = 64,
        mayFragment: Bool = false
    ) -> [UInt8] {
        var udp: [UInt8] = [0x30, 0x39, 0x04, 0xd2]
        udp += bytes(UInt16(8 + payload.count)) + [0, 0] + payload
        let packet = ip(
            from: source,
            to: destination,
            proto: 17,
            udp,
            hopLimit: hopLimit,
            mayFragment: mayFragment
        )
        return setChecksum(of: packet, proto: 17, at: 6)
    }

    /// A TCP segment over IPv4 or IPv6. `options` are a multiple of four bytes.
    package static func tcp(
        from source: String,
        to destination: String,
        flags: UInt8,
        options: [UInt8] = [],
        payload: [UInt8] = []
    ) -> [UInt8] {
        let words = UInt8(5 + options.count / 4)
        var segment: [UInt8] = [0x30, 0x39, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8]
        segment += [words << 4, flags, 0xfa, 0xf0, 0, 0, 0, 0] + options + payload
        let packet = ip(from: source, to: destination, proto: 6, segment)
        return setChecksum(of: packet, proto: 6, at: 16)
    }

    package static func echo(
        from source: String,
        to destination: String,
        count: Int = 56,
        hopLimit: UInt8 = 64,
        sequence: UInt16 = 1
    ) -> [UInt8] {
        echo(
            from: address(source),
            to: address(destination),
            count: count,
            hopLimit: hopLimit,
            sequence: sequence
        )
    }

    /// An echo request whose payload is `count` bytes.
    package static func echo(
        from source: IPAddress,
        to destination: IPAddress,
        count: Int = 56,
        hopLimit: UInt8 = 64,
        sequence: UInt16 = 1
    ) -> [UInt8] {
        let isV6 = if case .v6 = source { true } else { false }
        var icmp: [UInt8] = [isV6 ? 128 : 8, 0, 0, 0, 0x12, 0x34] + bytes(sequence)
        icmp += (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let packet = ip(
            from: source,
            to: destination,
            proto: isV6 ? 58 : 1,
            icmp,
            hopLimit: hopLimit
        )
        return setChecksum(of: packet, proto: isV6 ? 58 : 1, at: 2)
    }

    package static func ip(
        from source: String,
        to destination: String,
        proto: UInt8,
        _ payload: [UInt8],
        hopLimit: UInt8 = 64
    ) -> [UInt8] {
        ip(
            from: address(source),
            to: address(destination),
            proto: proto,
            payload,
            hopLimit: hopLimit
        )
    }

    private static func ip(
        from source: IPAddress,
        to destination: IPAddress,
        proto: UInt8,
        _ payload: [UInt8],
        hopLimit: UInt8 = 64,
        mayFragment: Bool = false
    ) -> [UInt8] {
        switch (source, destination) {
        case (.v4(let from), .v4(let to)):
            var packet: [UInt8] = [0x45, 0] + bytes(UInt16(20 + payload.count))
            packet += [0, 1, mayFragment ? 0 : 0x40, 0, hopLimit, proto, 0, 0]
            packet += bytes(from.bits) + bytes(to.bits)
            return setHeaderChecksum(of: packet + payload)
        case (.v6(let from), .v6(let to)):
            var packet: [UInt8] = [0x60, 0, 0, 0] + bytes(UInt16(payload.count))
            packet += [proto, hopLimit]
            packet += bytes(from.high) + bytes(from.low) + bytes(to.high) + bytes(to.low)
            return packet + payload
        default:
            preconditionFailure("mixed families")
        }
    }

    private static func address(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    /// The same IPv4 packet with the right header checksum.
    package static func setHeaderChecksum(of packet: [UInt8]) -> [UInt8] {
        var packet = packet
        packet.replaceSubrange(10...11, with: [0, 0])
        let sum = checksum(Array(packet[..<headerLength(packet)]))
        packet.replaceSubrange(10...11, with: bytes(sum))
        return packet
    }

    /// The same packet with the right checksum in its transport protocol's header, where it is at
    /// `offset`.
    package static func setChecksum(of packet: [UInt8], proto: UInt8, at offset: Int) -> [UInt8] {
        var packet = packet
        let place = headerLength(packet) + offset
        packet.replaceSubrange(place...place + 1, with: [0, 0])
        let sum = transportChecksum(packet, proto: proto)
        packet.replaceSubrange(place...place + 1, with: bytes(sum))
        return packet
    }

    /// The checksum that the packet's transport protocol should carry; zero when it carries the
    /// right one. It begins at `start`, behind the IP header if nothing else is said.
    package static func transportChecksum(
        _ packet: [UInt8],
        proto: UInt8,
        from start: Int? = nil
    ) -> UInt16 {
        let message = Array(packet[(start ?? headerLength(packet))...])
        guard proto != 1 else { return checksum(message) }
        let addresses = packet[0] >> 4 == 4 ? packet[12..<20] : packet[8..<40]
        let pseudoHeader = Array(addresses) + bytes(UInt32(message.count)) + [0, 0, 0, proto]
        return checksum(pseudoHeader + message)
    }

    package static func headerLength(_ packet: [UInt8]) -> Int {
        packet[0] >> 4 == 4 ? Int(packet[0] & 0x0f) * 4 : 40
    }

    /// RFC 1071, written apart from the engine's own.
    package static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte)
        }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return ~UInt16(sum)
    }

    package static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    package static func payload(_ packet: [UInt8]) -> String {
        let header = packet[0] >> 4 == 4 ? 20 : 40
        return String(decoding: packet[(header + 8)...], as: UTF8.self)
    }
}
