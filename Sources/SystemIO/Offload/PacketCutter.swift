/// Cuts what the kernel hands over in one piece into packets as they would be on a wire: a run of TCP
/// segments or UDP datagrams of up to 64 KiB, or one packet whose checksum is missing.
///
/// The counterpart is `PacketJoiner`.
package struct PacketCutter {
    private let packet: UnsafeMutablePointer<UInt8>
    private let count: Int
    private let kind: OffloadHeader.Kind
    private let isIPv6: Bool
    private let transport: Int
    /// Of all headers.
    private let headerLength: Int
    private let segmentSize: Int
    private var offset: Int
    private var number: UInt32 = 0

    /// Nil where the header does not fit the packet. What the kernel left out of a single packet is
    /// filled in.
    package init?(
        _ header: OffloadHeader,
        of packet: UnsafeMutablePointer<UInt8>,
        count: Int
    ) {
        guard let kind = header.kind, count >= PacketFields.v4HeaderLength else { return nil }
        self.packet = packet
        self.count = count
        self.kind = kind
        isIPv6 = packet[0] >> 4 == 6
        guard kind != .single else {
            guard Self.fillIn(header, of: packet, count: count) else { return nil }
            (transport, headerLength, segmentSize, offset) = (0, 0, count, 0)
            return
        }
        // The kernel's own header length is not to be relied on: of a forwarded packet it may be the length of
        // all that lies in one piece of memory.
        let start = Int(header.checksumStart)
        guard header.segmentSize > 0,
            Self.hasTransport(kind, at: start, of: packet, count: count, isIPv6: isIPv6),
            let length = Self.transportLength(kind, at: start, of: packet, count: count)
        else { return nil }
        transport = start
        headerLength = start + length
        segmentSize = Int(header.segmentSize)
        offset = headerLength
    }

    /// The length of the longest packet to come.
    package var longest: Int { min(headerLength + segmentSize, count) }

    /// Writes the next packet to `target`, which has room for the longest. Nil after the last.
    package mutating func next(into target: UnsafeMutablePointer<UInt8>) -> Int? {
        guard offset < count || number == 0 else { return nil }
        let payload = min(segmentSize, count - offset)
        let length = headerLength + payload
        target.update(from: packet, count: headerLength)
        (target + headerLength).update(from: packet + offset, count: payload)
        offset += payload
        if kind != .single { finish(target, length: length, isLast: offset == count) }
        number += 1
        return length
    }

    /// Writes what differs from packet to packet of a run.
    @inline(__always)
    private func finish(_ target: UnsafeMutablePointer<UInt8>, length: Int, isLast: Bool) {
        if !isIPv6 {
            let identification = UnsafePointer(target).loadBig16(at: 4)
            target.storeBig16(identification &+ UInt16(truncatingIfNeeded: number), at: 4)
        }
        PacketFields.setLength(length, of: target, isIPv6: isIPv6)
        let header = target + transport
        let covered = length - transport
        let place: Int
        if kind.isTCP {
            place = PacketFields.tcpChecksum
            let sequence = UnsafePointer(header).loadBig32(at: 4)
            header.storeBig32(sequence &+ number &* UInt32(segmentSize), at: 4)
            if !isLast { header[13] &= ~(TCPFlag.finish | TCPFlag.push) }
            if number > 0 { header[13] &= ~TCPFlag.windowReduced }
        } else {
            place = PacketFields.udpChecksum
            header.storeBig16(UInt16(truncatingIfNeeded: covered), at: 4)
        }
        header.storeBig16(0, at: place)
        var sum = PacketFields.pseudoHeader(
            of: target,
            isIPv6: isIPv6,
            transportProtocol: kind.isTCP ? PacketFields.tcp : PacketFields.udp,
            length: covered
        )
        sum.add(header, count: covered)
        // RFC 768: a zero would say that there is none.
        let isUDPZero = !kind.isTCP && sum.value == 0
        header.storeBig16(isUDPZero ? 0xffff : sum.value, at: place)
    }

    /// The checksum of a single packet, where it is missing. False where it would lie outside.
    private static func fillIn(
        _ header: OffloadHeader,
        of packet: UnsafeMutablePointer<UInt8>,
        count: Int
    ) -> Bool {
        guard header.needsChecksum else { return true }
        let start = Int(header.checksumStart)
        let place = start + Int(header.checksumOffset)
        guard place + 2 <= count else { return false }
        var sum = InternetChecksum()
        sum.add(packet + start, count: count - start)
        // RFC 768; for other protocols it is the same number.
        packet.storeBig16(sum.value == 0 ? 0xffff : sum.value, at: place)
        return true
    }

    private static func hasTransport(
        _ kind: OffloadHeader.Kind,
        at start: Int,
        of packet: UnsafeMutablePointer<UInt8>,
        count: Int,
        isIPv6: Bool
    ) -> Bool {
        let wanted = kind.isTCP ? PacketFields.tcp : PacketFields.udp
        guard isIPv6 else {
            let isFragment = UnsafePointer(packet).loadBig16(at: 6) & 0x3fff != 0
            return packet[0] >> 4 == 4 && kind != .tcpV6 && start == Int(packet[0] & 0x0f) * 4
                && start >= PacketFields.v4HeaderLength && packet[9] == wanted && !isFragment
        }
        // Behind extension headers the kernel is believed.
        guard kind != .tcpV4, start >= PacketFields.v6HeaderLength, start <= count else {
            return false
        }
        return start > PacketFields.v6HeaderLength || packet[6] == wanted
    }

    /// Nil where the packet ends before.
    private static func transportLength(
        _ kind: OffloadHeader.Kind,
        at start: Int,
        of packet: UnsafeMutablePointer<UInt8>,
        count: Int
    ) -> Int? {
        let minimum =
            kind.isTCP ? PacketFields.minimumTCPHeaderLength : PacketFields.udpHeaderLength
        guard start + minimum <= count else { return nil }
        let length = kind.isTCP ? Int(packet[start + 12] >> 4) * 4 : minimum
        return length >= minimum && start + length <= count ? length : nil
    }
}
