import Glibc
import SystemIO
import TunnelTestSupport

/// Cutting and joining over arrays, between bytes that must not be touched.
enum Framing {
    private static let margin = 64

    struct Run: Equatable {
        var header: OffloadHeader
        var bytes: [UInt8]
        var packets: Int
    }

    /// Nil where the header does not fit.
    static func cut(_ run: Run) -> [[UInt8]]? { cut(run.header, run.bytes) }

    static func cut(_ header: OffloadHeader, _ bytes: [UInt8]) -> [[UInt8]]? {
        guarded(bytes) { packet -> [[UInt8]]? in
            guard var cutter = PacketCutter(header, of: packet, count: bytes.count) else {
                return nil
            }
            var packets: [[UInt8]] = []
            let longest = cutter.longest
            while true {
                var length: Int?
                let written = guarded([UInt8](repeating: 0, count: longest)) { target in
                    length = cutter.next(into: target)
                    return Array(UnsafeBufferPointer(start: target, count: length ?? 0))
                }
                guard length != nil else { return packets }
                packets.append(written)
            }
        }
    }

    /// What would be written for these packets, run by run.
    static func join(
        _ packets: [[UInt8]],
        joining: TUNDevice.Offloads = .all,
        writing: (inout PacketJoiner, Int) -> [Run] = wholeRun
    ) -> [Run] {
        guarded(packets.flatMap { $0 }) { base in
            var joiner = PacketJoiner()
            var runs: [Run] = []
            var offset = 0
            for packet in packets {
                if joiner.isFull {
                    for index in 0..<joiner.count { runs += writing(&joiner, index) }
                    joiner.clear()
                }
                joiner.append(base + offset, length: packet.count, joining: joining)
                offset += packet.count
            }
            for index in 0..<joiner.count { runs += writing(&joiner, index) }
            return runs
        }
    }

    static func wholeRun(_ joiner: inout PacketJoiner, _ index: Int) -> [Run] {
        [run(joiner.write(index), packets: joiner.packets(ofRun: index))]
    }

    /// As after a run that the kernel has refused.
    static func singly(_ joiner: inout PacketJoiner, _ index: Int) -> [Run] {
        _ = joiner.write(index)
        var runs: [Run] = []
        joiner.writeSingly(index) { runs.append(run($0, packets: 1)) }
        return runs
    }

    private static func run(_ pieces: UnsafeBufferPointer<iovec>, packets: Int) -> Run {
        let bytes = pieces.flatMap { piece in
            Array(UnsafeRawBufferPointer(start: piece.iov_base, count: piece.iov_len))
        }
        let header = bytes.withUnsafeBytes {
            $0.baseAddress.map { OffloadHeader($0) } ?? .plain
        }
        return Run(
            header: header,
            bytes: Array(bytes.dropFirst(OffloadHeader.length)),
            packets: packets
        )
    }

    private static func guarded<Result>(
        _ bytes: [UInt8],
        _ body: (UnsafeMutablePointer<UInt8>) -> Result
    ) -> Result {
        let edge = [UInt8](repeating: 0x5a, count: margin)
        var memory = edge + bytes + edge
        let result = memory.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { body($0 + margin) }
        }
        precondition(memory.prefix(margin) == edge[...] && memory.suffix(margin) == edge[...])
        guard let result else { preconditionFailure("there are bytes") }
        return result
    }
}

/// Packets of flows as a peer sends them.
struct Flow {
    var isIPv6 = false
    var isTCP = true
    var port: UInt8 = 1
    var options: [UInt8] = []
    var mayFragment = false
    var sequence: UInt32 = 1_000
    var identification: UInt16 = 0xfffe

    private var source: String { isIPv6 ? "fd00::1" : "10.1.0.1" }
    private var destination: String { isIPv6 ? "fd00::2" : "198.51.100.7" }

    /// The next packet, with right checksums.
    mutating func next(_ payload: [UInt8], flags: UInt8 = 0x10) -> [UInt8] {
        var packet: [UInt8]
        if isTCP {
            packet = Packets.tcp(
                from: source,
                to: destination,
                flags: flags,
                options: options,
                payload: payload
            )
        } else {
            packet = Packets.ip(
                from: source,
                to: destination,
                proto: 17,
                [0, 0, 0, 0] + Packets.bytes(UInt16(8 + payload.count)) + [0, 0] + payload
            )
        }
        let start = Packets.headerLength(packet)
        packet.replaceSubrange(start..<start + 4, with: [0x30, port, 0, 80])
        if isTCP {
            packet.replaceSubrange(start + 4..<start + 8, with: Packets.bytes(sequence))
            sequence &+= UInt32(payload.count)
        }
        if !isIPv6 {
            packet.replaceSubrange(4..<6, with: Packets.bytes(identification))
            if mayFragment { packet[6] = 0 }
            identification &+= 1
            packet = Packets.setHeaderChecksum(of: packet)
        }
        return Packets.setChecksum(of: packet, proto: isTCP ? 6 : 17, at: isTCP ? 16 : 6)
    }
}

func bytes(_ count: Int, _ seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8 &+ seed) }
}
