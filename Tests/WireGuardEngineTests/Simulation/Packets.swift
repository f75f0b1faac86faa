import NetAddress

@testable import WireGuardEngine

/// Inner packets for tests.
enum Packets {
    /// A UDP datagram over IPv4 or IPv6 whose payload is `text`.
    static func udp(
        from source: String,
        to destination: String,
        _ text: String,
        hopLimit: UInt8 = 64,
        mayFragment: Bool = false
    ) -> [UInt8] {
        let payload = Array(text.utf8)
        var udp: [UInt8] = [0x30, 0x39, 0x04, 0xd2]
        udp += bytes(UInt16(8 + payload.count)) + [0, 0] + payload
        return ip(
            from: source,
            to: destination,
            proto: 17,
            udp,
            hopLimit: hopLimit,
            mayFragment: mayFragment
        )
    }

    static func echo(
        from source: String,
        to destination: String,
        count: Int = 56,
        hopLimit: UInt8 = 64
    ) -> [UInt8] {
        let isV6 = source.contains(":")
        var icmp: [UInt8] = [isV6 ? 128 : 8, 0, 0, 0, 0x12, 0x34, 0, 1]
        icmp += (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var packet = ip(
            from: source,
            to: destination,
            proto: isV6 ? 58 : 1,
            icmp,
            hopLimit: hopLimit
        )
        let header = isV6 ? 40 : 20
        let sum = icmpChecksum(packet)
        packet[header + 2] = UInt8(sum >> 8)
        packet[header + 3] = UInt8(sum & 0xff)
        return packet
    }

    static func ip(
        from source: String,
        to destination: String,
        proto: UInt8,
        _ payload: [UInt8],
        hopLimit: UInt8 = 64,
        mayFragment: Bool = false
    ) -> [UInt8] {
        guard let from = IPAddress(source), let to = IPAddress(destination) else {
            preconditionFailure("no address")
        }
        switch (from, to) {
        case (.v4(let from), .v4(let to)):
            var packet: [UInt8] = [0x45, 0] + bytes(UInt16(20 + payload.count))
            packet += [0, 1, mayFragment ? 0 : 0x40, 0, hopLimit, proto, 0, 0]
            packet += bytes(from.bits) + bytes(to.bits)
            let sum = checksum(packet)
            packet[10] = UInt8(sum >> 8)
            packet[11] = UInt8(sum & 0xff)
            return packet + payload
        case (.v6(let from), .v6(let to)):
            var packet: [UInt8] = [0x60, 0, 0, 0] + bytes(UInt16(payload.count))
            packet += [proto, hopLimit]
            packet += bytes(from.high) + bytes(from.low) + bytes(to.high) + bytes(to.low)
            return packet + payload
        default:
            preconditionFailure("mixed families")
        }
    }

    /// The ICMP checksum that the packet should carry; zero when it carries the right one.
    static func icmpChecksum(_ packet: [UInt8]) -> UInt16 {
        if packet[0] >> 4 == 4 { return checksum(Array(packet[20...])) }
        let message = Array(packet[40...])
        return checksum(
            Array(packet[8..<40]) + bytes(UInt32(message.count)) + [0, 0, 0, 58] + message
        )
    }

    /// RFC 1071, written apart from the engine's own.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte)
        }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return ~UInt16(sum)
    }

    static func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    static func payload(_ packet: [UInt8]) -> String {
        let header = packet[0] >> 4 == 4 ? 20 : 40
        return String(decoding: packet[(header + 8)...], as: UTF8.self)
    }
}
