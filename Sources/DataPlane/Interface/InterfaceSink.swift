import CLinux
import Glibc
import SystemIO
import WireGuardEngine

/// Writes the engine's plain packets to the node's interface, neighbours of one flow as one run where the kernel
/// takes that. A packet that cannot be written is counted and skipped.
struct InterfaceSink: ~Copyable {
    private var joiner = PacketJoiner()

    mutating func write(
        _ packets: UnsafeBufferPointer<OutgoingPacket>,
        to queue: TUNQueue,
        counting counters: inout IOCounters.Interface
    ) {
        let joining = queue.joined
        for packet in packets {
            if joiner.isFull { flush(to: queue, counting: &counters) }
            joiner.append(
                packet.base.assumingMemoryBound(to: UInt8.self),
                length: packet.count,
                joining: joining
            )
        }
        flush(to: queue, counting: &counters)
    }

    private mutating func flush(to queue: TUNQueue, counting counters: inout IOCounters.Interface) {
        for run in 0..<joiner.count {
            let count = joiner.packets(ofRun: run)
            let pieces = joiner.write(run)
            let status = queue.write(pieces)
            if status >= 0 {
                counters.recordWritten(packets: count, bytes: pieces)
            } else if count > 1 {
                writeSingly(run, to: queue, counting: &counters)
            } else {
                counters.unwritten &+= 1
            }
        }
        joiner.clear()
    }

    /// Some kernels refuse runs that they should take (EINVAL, EIO): those are not made any more. An interface that
    /// takes no packet either is down.
    @inline(never)
    private mutating func writeSingly(
        _ run: Int,
        to queue: TUNQueue,
        counting counters: inout IOCounters.Interface
    ) {
        var written = 0
        joiner.writeSingly(run) { pieces in
            if queue.write(pieces) >= 0 {
                written += 1
                counters.recordWritten(packets: 1, bytes: pieces)
            } else {
                counters.unwritten &+= 1
            }
        }
        guard written > 0 else { return }
        counters.refusedRuns &+= 1
        queue.stopJoining(joiner.offload(ofRun: run))
    }
}

extension IOCounters.Interface {
    fileprivate mutating func recordWritten(packets: Int, bytes pieces: UnsafeBufferPointer<iovec>)
    {
        writtenPackets &+= UInt64(packets)
        // The first piece is the header for the kernel.
        for piece in pieces.dropFirst() { writtenBytes &+= UInt64(piece.iov_len) }
    }
}
