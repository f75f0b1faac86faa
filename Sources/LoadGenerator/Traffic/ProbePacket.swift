import Glibc
import NetAddress
import SystemIO

/// The inner packets of a run: IPv4 and UDP with right checksums, and behind them the numbers of
/// stream, burst and packet, then bytes that follow from the packet's number, so that the receiver
/// can verify every byte.
struct ProbePacket: ~Copyable {
    static let headerLength = 28
    static let minimumSize = headerLength + tagLength
    static let maximumSize = 8_900
    static let hopLimit: UInt8 = 64
    /// Stream, burst and sequence number.
    private static let tagLength = 16
    private static let port: UInt16 = 5_201
    /// How many even offsets of the pattern the fill may start at.
    private static let phases = 128

    let size: Int
    /// Routers on the way, each of which takes one from the hop limit.
    let hops: UInt8
    private let fillLength: Int
    private let pattern: UnsafeMutablePointer<UInt8>
    private let fillSums: [InternetChecksum]

    init(size: Int, hops: UInt8 = 1) {
        precondition((Self.minimumSize...Self.maximumSize).contains(size))
        self.size = size
        self.hops = hops
        fillLength = size - Self.minimumSize
        let count = fillLength + 2 * Self.phases
        pattern = .allocate(capacity: count)
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        for index in 0..<count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            (pattern + index).initialize(to: UInt8(truncatingIfNeeded: state >> 32))
        }
        var sums: [InternetChecksum] = []
        for phase in 0..<Self.phases {
            var sum = InternetChecksum()
            sum.add(pattern + 2 * phase, count: fillLength)
            sums.append(sum)
        }
        fillSums = sums
    }

    deinit { pattern.deallocate() }

    /// Writes the headers that all packets of a stream share; the checksum of UDP is left zero.
    func writeHeader(
        to header: UnsafeMutablePointer<UInt8>,
        from source: IPv4Address,
        to destination: IPv4Address
    ) {
        header.update(repeating: 0, count: Self.headerLength)
        header[0] = 0x45
        header.store(UInt16(size).bigEndian, at: 2)
        // Don't fragment.
        header[6] = 0x40
        header[8] = Self.hopLimit
        header[9] = 17
        header.store(source.bits.bigEndian, at: 12)
        header.store(destination.bits.bigEndian, at: 16)
        var sum = InternetChecksum()
        sum.add(header, count: 20)
        header.store(sum.value.bigEndian, at: 10)
        header.store(Self.port.bigEndian, at: 20)
        header.store(Self.port.bigEndian, at: 22)
        header.store(UInt16(size - 20).bigEndian, at: 24)
    }

    /// What a stream's headers add to the checksum of UDP: addresses, protocol, ports and lengths.
    func headerSum(of header: UnsafeMutablePointer<UInt8>) -> InternetChecksum {
        var sum = InternetChecksum()
        sum.add(header + 12, count: 16)
        sum.add(17)
        sum.add(UInt16(size - 20))
        return sum
    }

    @inline(__always)
    func write(
        to packet: UnsafeMutablePointer<UInt8>,
        header: UnsafeMutablePointer<UInt8>,
        headerSum: InternetChecksum,
        stream: UInt32,
        burst: UInt32,
        sequence: UInt64
    ) {
        packet.update(from: header, count: Self.headerLength)
        packet.store(stream.bigEndian, at: 28)
        packet.store(burst.bigEndian, at: 32)
        packet.store(sequence.bigEndian, at: 36)
        let phase = Self.phase(of: sequence)
        (packet + Self.minimumSize).update(from: pattern + 2 * phase, count: fillLength)
        packet.store(checksum(of: packet, headerSum, phase).bigEndian, at: 26)
    }

    /// What an opened packet says, or why it is not what was sent.
    enum Finding: Equatable {
        case intact(burst: UInt32, sequence: UInt64)
        case wrong(String)
    }

    /// Looks at every byte of a packet that has arrived.
    ///
    /// - Parameter header: what the stream's packets were sent with.
    func check(
        _ packet: UnsafeMutablePointer<UInt8>,
        count: Int,
        header: UnsafeMutablePointer<UInt8>,
        headerSum: InternetChecksum,
        stream: UInt32
    ) -> Finding {
        if let complaint = Self.complaint(in: packet, count: count) { return .wrong(complaint) }
        guard count >= size, packet.loadBig16(at: 2) == UInt16(size) else {
            return .wrong("its length is not that of the packets sent")
        }
        guard Self.isForwarded(packet, sentWith: header) else {
            return .wrong("its headers are not those of its stream")
        }
        guard packet[8] == Self.hopLimit - hops else {
            return .wrong("its hop limit is \(packet[8]) instead of \(Self.hopLimit - hops)")
        }
        var sum = InternetChecksum()
        sum.add(packet, count: 20)
        guard sum.value == 0 else { return .wrong("the checksum of its IPv4 header is wrong") }
        guard UInt32(bigEndian: packet.load32(at: 28)) == stream else {
            return .wrong("it is from another stream")
        }
        let sequence = UInt64(bigEndian: packet.load64(at: 36))
        let phase = Self.phase(of: sequence)
        guard memcmp(packet + Self.minimumSize, pattern + 2 * phase, fillLength) == 0,
            packet.loadBig16(at: 26) == checksum(of: packet, headerSum, phase)
        else { return .wrong("its content is not what was sent") }
        for offset in size..<max(count, size) where packet[offset] != 0 {
            return .wrong("its padding is not zero")
        }
        return .intact(burst: UInt32(bigEndian: packet.load32(at: 32)), sequence: sequence)
    }

    /// Whether a router may have made this header of the one that was sent. Beside hop limit and
    /// checksum, which are looked at apart, it may choose the identification, which means nothing
    /// where nothing may be fragmented (RFC 6864, section 4.1), as kernels do that cut what they
    /// joined; and the DSCP (RFC 2474), but not the two bits of ECN below it: a packet that did not
    /// ask for it is never marked (RFC 3168, section 5).
    private static func isForwarded(
        _ packet: UnsafeMutablePointer<UInt8>,
        sentWith header: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        packet[0] == header[0] && packet[1] & 3 == header[1] & 3
            && packet.loadBig16(at: 2) == header.loadBig16(at: 2)
            && packet.loadBig16(at: 6) == header.loadBig16(at: 6)
            && packet[9] == header[9]
            && memcmp(packet + 12, header + 12, 14) == 0
    }

    /// A router's advice of a shorter way. A kernel that forwards out of the interface that a packet
    /// came in by gives it, and forwards the packet all the same.
    static func isRedirect(_ packet: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        count >= headerLength && packet[0] == 0x45 && packet[9] == 1 && packet[20] == 5
    }

    /// A router's objection, which says more than that the packet is not ours.
    static func complaint(
        in packet: UnsafeMutablePointer<UInt8>,
        count: Int
    ) -> String? {
        guard count >= headerLength, packet[0] == 0x45, packet[9] == 1 else { return nil }
        if packet[20] == 3, packet[21] == 4 {
            return "it is the gateway's word that packets of this size exceed its MTU"
        }
        return "it is the gateway's ICMP message of type \(packet[20]), code \(packet[21])"
    }

    @inline(__always)
    private func checksum(
        of packet: UnsafeMutablePointer<UInt8>,
        _ headerSum: InternetChecksum,
        _ phase: Int
    ) -> UInt16 {
        var sum = headerSum
        sum.add(packet + Self.headerLength, count: Self.tagLength)
        sum.add(fillSums[phase])
        // Zero would mean "without a checksum".
        return sum.value == 0 ? 0xffff : sum.value
    }

    @inline(__always)
    private static func phase(of sequence: UInt64) -> Int { Int(sequence % UInt64(phases)) }
}
