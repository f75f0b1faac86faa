import Glibc
import SystemIO
import WireGuardEngine

/// The memory that a worker reads the node's interface into, allocated once. What the kernel hands over in one
/// piece lies here as packets, with the room around each that the engine seals them in.
struct InterfaceBuffers: ~Copyable {
    /// How many packets one turn takes at most.
    static let capacity = 256
    /// How many pieces of the kernel's.
    private static let mostPieces = 128
    /// Of two of the kernel's largest pieces: what is sealed is still in the processor's cache when it is sent.
    private static let memoryBytes = 128 << 10
    private static let pieceBytes = OffloadHeader.length + 65_535

    private let memory: UnsafeMutableRawPointer
    private let packets: UnsafeMutablePointer<PlainPacket>
    private let piece: UnsafeMutableRawBufferPointer
    /// Whether the kernel has no device behind the queue any more.
    private(set) var isDeviceGone = false
    /// A run of which not all packets found room in the last turn.
    private var rest: PacketCutter?

    init() {
        memory = .allocate(byteCount: Self.memoryBytes, alignment: 64)
        packets = .allocate(capacity: Self.capacity)
        piece = .allocate(byteCount: Self.pieceBytes, alignment: 64)
    }

    deinit {
        memory.deallocate()
        packets.deallocate()
        piece.deallocate()
    }

    /// Whether there is more without the kernel saying so.
    var hasRest: Bool { rest != nil }
    /// Whether the last turn ended for lack of room, so that more may wait.
    private(set) var isFull = false

    /// The next packets; none when nothing waits. They are overwritten by the next call.
    ///
    /// - Parameter isLast: takes only the rest of what was read before, of which the kernel says nothing any more.
    mutating func read(
        from queue: TUNQueue,
        isLast: Bool,
        counting counters: inout IOCounters.Interface
    ) -> UnsafeBufferPointer<PlainPacket> {
        var count = 0
        var used = 0
        let mtu = queue.mtu
        isFull = true
        for _ in 0..<Self.mostPieces {
            if rest == nil {
                guard !isLast else { break }
                let bytes = queue.read(into: piece)
                guard bytes > 0 else {
                    if -bytes != EAGAIN, -bytes != EINTR {
                        counters.readErrors &+= 1
                        isDeviceGone = -bytes == EBADFD
                    }
                    isFull = false
                    break
                }
                rest = cutter(of: bytes)
                if rest == nil { counters.malformed &+= 1 }
            }
            while let longest = rest?.longest, count < Self.capacity,
                used + Self.bytes(around: PacketRun.room(for: longest, mtu: mtu))
                    <= Self.memoryBytes
            {
                let start = memory + used + PacketRun.headroom
                guard let length = rest?.next(into: start.assumingMemoryBound(to: UInt8.self))
                else {
                    rest = nil
                    break
                }
                let room = PacketRun.room(for: length, mtu: mtu)
                (packets + count).initialize(
                    to: PlainPacket(start: start, length: length, room: room)
                )
                counters.readBytes &+= UInt64(length)
                count += 1
                used += Self.bytes(around: room)
            }
            guard rest == nil else { break }
        }
        counters.readPackets &+= UInt64(count)
        return UnsafeBufferPointer(start: packets, count: count)
    }

    private func cutter(of bytes: Int) -> PacketCutter? {
        guard bytes > OffloadHeader.length, let base = piece.baseAddress else { return nil }
        return PacketCutter(
            OffloadHeader(base),
            of: (base + OffloadHeader.length).assumingMemoryBound(to: UInt8.self),
            count: bytes - OffloadHeader.length
        )
    }

    /// Of a packet with what stands before and behind it. Those of one size lie so that they leave as one piece.
    private static func bytes(around room: Int) -> Int {
        PacketRun.headroom + room + PacketRun.tailroom
    }
}
