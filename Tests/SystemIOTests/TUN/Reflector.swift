import Glibc
import Synchronization
import SystemIO

/// Sends every packet of a TUN device back with its addresses exchanged, as the host at the other address would: a
/// program that talks to that address talks to a program of this host.
final class Reflector {
    private let queue: TUNQueue
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private let packets = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var joiner = PacketJoiner()
    /// Bytes of the largest piece that the kernel has handed over.
    private(set) var largest = 0
    private(set) var kinds: [OffloadHeader.Kind] = []
    /// Packets of the largest run that was written.
    private(set) var mostJoined = 0
    private(set) var failures: [Int32] = []

    init(_ queue: TUNQueue) {
        self.queue = queue
    }

    deinit {
        memory.deallocate()
        packets.deallocate()
    }

    /// Until `isDone`, which is looked at a hundred times a second.
    func run(until isDone: () -> Bool) {
        while !isDone() {
            var readable = pollfd(fd: queue.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&readable, 1, 10) > 0 else { continue }
            // As many as there are, so that packets of a run that the kernel did not join have neighbours.
            var used = 0
            while used < 1 << 16, !joiner.isFull, let more = take(at: used) { used = more }
            write()
        }
    }

    private func take(at start: Int) -> Int? {
        let count = queue.read(into: memory)
        guard count > OffloadHeader.length, let base = memory.baseAddress else { return nil }
        largest = max(largest, count)
        let header = OffloadHeader(base)
        let bytes = (base + OffloadHeader.length).assumingMemoryBound(to: UInt8.self)
        guard var cutter = PacketCutter(header, of: bytes, count: count - OffloadHeader.length)
        else {
            failures.append(-1)
            return start
        }
        if let kind = header.kind { kinds.append(kind) }
        var used = start
        while let room = packets.baseAddress.map({ ($0 + used).assumingMemoryBound(to: UInt8.self) }
        ),
            let length = cutter.next(into: room)
        {
            exchangeAddresses(of: room)
            if joiner.isFull { write() }
            joiner.append(room, length: length, joining: queue.joined)
            used += (length + 15) & ~15
        }
        return used
    }

    private func write() {
        for index in 0..<joiner.count {
            mostJoined = max(mostJoined, joiner.packets(ofRun: index))
            let status = queue.write(joiner.write(index))
            if status < 0 { failures.append(-status) }
        }
        joiner.clear()
    }

    private func exchangeAddresses(of packet: UnsafeMutablePointer<UInt8>) {
        let (start, size) = packet[0] >> 4 == 6 ? (8, 16) : (12, 4)
        for offset in 0..<size {
            let byte = packet[start + offset]
            packet[start + offset] = packet[start + size + offset]
            packet[start + size + offset] = byte
        }
    }
}
