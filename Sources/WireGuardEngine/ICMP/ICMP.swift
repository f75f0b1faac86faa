/// What a router says itself, RFC 792, 1812 and 4443.
enum ICMP {
    static let protocolV4: UInt8 = 1
    static let protocolV6: UInt8 = 58
    static let headerLength = 8
    static let hopLimit: UInt8 = 64

    /// Turns an echo request for the gateway into its answer, in place and with the same length.
    /// False when it is none.
    static func answerEcho(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        guard inner.length >= inner.headerLength + headerLength, !inner.isFragment else {
            return false
        }
        let message = packet + inner.headerLength
        if inner.isIPv6 {
            guard inner.transportProtocol == protocolV6, message[0] == 128, message[1] == 0 else {
                return false
            }
            message[0] = 129
            // The pseudo-header's sum does not change when the addresses change places.
            adjustChecksum(message, removing: 0x8000, adding: 0x8100)
            swap(packet, 8, 24, count: 16)
            packet[7] = hopLimit
        } else {
            guard inner.transportProtocol == protocolV4, message[0] == 8, message[1] == 0 else {
                return false
            }
            message[0] = 0
            adjustChecksum(message, removing: 0x0800, adding: 0x0000)
            swap(packet, 12, 16, count: 4)
            packet[8] = hopLimit
            packet.storeBig(0 as UInt16, at: 10)
            packet.storeBig(Checksum(packet.bytes(0..<inner.headerLength)).folded, at: 10)
        }
        return true
    }

    /// RFC 1812 §4.3.2.7 and RFC 4443 §2.4 (e): never about an ICMP error, a later fragment, or a
    /// packet that does not name one sender and one receiver.
    static func mayAnswer(_ packet: UnsafeMutablePointer<UInt8>, _ inner: InnerPacket) -> Bool {
        guard !inner.isFragment, isUnicast(inner.source, isIPv6: inner.isIPv6),
            isUnicast(inner.destination, isIPv6: inner.isIPv6)
        else { return false }
        let own = inner.isIPv6 ? protocolV6 : protocolV4
        guard inner.transportProtocol == own else { return true }
        guard inner.length > inner.headerLength else { return false }
        let type = packet[inner.headerLength]
        return inner.isIPv6 ? type >= 128 : type == 8 || type == 0
    }

    private static func isUnicast(_ address: InnerPacket.FlowAddress, isIPv6: Bool) -> Bool {
        guard isIPv6 else {
            let first = address.low >> 24
            return first != 0 && first != 127 && first < 224
        }
        return address.high >> 56 != 0xff && (address.high != 0 || address.low > 1)
    }

    private static func adjustChecksum(
        _ message: UnsafeMutablePointer<UInt8>,
        removing old: UInt16,
        adding new: UInt16
    ) {
        var sum = Checksum()
        sum.add(~message.big16(at: 2))
        sum.add(~old)
        sum.add(new)
        message.storeBig(sum.folded, at: 2)
    }

    private static func swap(
        _ packet: UnsafeMutablePointer<UInt8>,
        _ first: Int,
        _ second: Int,
        count: Int
    ) {
        for index in 0..<count {
            let byte = packet[first + index]
            packet[first + index] = packet[second + index]
            packet[second + index] = byte
        }
    }
}

/// The Internet checksum, RFC 1071.
struct Checksum {
    private var sum: UInt64 = 0

    init() {}

    init(_ bytes: UnsafeRawBufferPointer) {
        add(bytes)
    }

    mutating func add(_ word: UInt16) { sum += UInt64(word) }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index + 1 < bytes.count {
            sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
            index += 2
        }
        if index < bytes.count { sum += UInt64(bytes[index]) << 8 }
    }

    var folded: UInt16 {
        var folded = sum
        while folded >> 16 != 0 { folded = (folded & 0xffff) + (folded >> 16) }
        return ~UInt16(truncatingIfNeeded: folded)
    }
}
