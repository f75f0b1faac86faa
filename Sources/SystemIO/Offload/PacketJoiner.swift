package import CLinux

/// Collects packets on their way to a TUN device, and joins those of one flow that follow each other into runs
/// that one write carries: TCP segments of consecutive numbers, UDP datagrams of one size.
///
/// Nothing is copied: a run is a list of pieces of memory, which stay untouched until it is written. The
/// counterpart is `PacketCutter`.
package struct PacketJoiner: ~Copyable {
    /// Runs, those of one packet included, until they are to be written.
    package static let capacity = 128
    /// The kernel's `UDP_MAX_SEGMENTS` before Linux 6.9; of TCP no more fit into a packet either.
    static let mostPackets = 64
    private static let mostBytes = 65_535
    /// As many of the newest runs are looked through for the flow of a packet.
    private static let lookBack = 8
    private static let slicesPerRun = 1 + mostPackets

    private struct Run {
        var first: FlowPacket?
        var count = 1
        var length: Int
        /// What the last packet has to carry so that another one may follow.
        var segmentSize = 0
        var nextNumber: UInt32 = 0
        var isOpen = false
        var isPushed = false
        var isChecked = false
        /// Of the first packet, before it became the head of the run.
        var headerChecksum: UInt16 = 0
        var transportChecksum: UInt16 = 0
    }

    private let runs: UnsafeMutablePointer<Run>
    private let slices: UnsafeMutablePointer<iovec>
    private let headers: UnsafeMutableRawPointer
    package private(set) var count = 0

    package init() {
        runs = .allocate(capacity: Self.capacity)
        slices = .allocate(capacity: Self.capacity * Self.slicesPerRun)
        slices.initialize(repeating: iovec(), count: Self.capacity * Self.slicesPerRun)
        headers = .allocate(byteCount: Self.capacity * OffloadHeader.length, alignment: 16)
    }

    deinit {
        runs.deallocate()
        slices.deallocate()
        headers.deallocate()
    }

    package var isFull: Bool { count == Self.capacity }

    package mutating func clear() { count = 0 }

    /// Takes a packet. Not to be called while it is full.
    ///
    /// - Parameter joining: what the kernel takes in runs.
    package mutating func append(
        _ bytes: UnsafeMutablePointer<UInt8>,
        length: Int,
        joining: TUNDevice.Offloads
    ) {
        precondition(!isFull)
        guard let packet = FlowPacket(bytes, length: length) else {
            // A fragment, or another packet outside of any flow: what came before it goes before it.
            for index in max(count - Self.lookBack, 0)..<count { runs[index].isOpen = false }
            return begin(bytes, length, first: nil)
        }
        let mayJoin = joining.contains(packet.kind.isTCP ? .tcp : .udp) && packet.isJoinable
        // Older runs of the flow take no packets any more: none overtakes one that did not join.
        if mayJoin, let run = newestRun(of: packet), extend(run, with: packet) { return }
        begin(bytes, length, first: packet)
        guard mayJoin else { return }
        let run = runs + count - 1
        run.pointee.isOpen = !Self.isPushed(packet)
        run.pointee.segmentSize = packet.payload
        if packet.kind.isTCP {
            let number = UnsafePointer(bytes).loadBig32(at: packet.transport + 4)
            run.pointee.nextNumber = number &+ UInt32(truncatingIfNeeded: packet.payload)
        }
    }

    private mutating func begin(
        _ bytes: UnsafeMutablePointer<UInt8>,
        _ length: Int,
        first: FlowPacket?
    ) {
        (runs + count).initialize(to: Run(first: first, length: length))
        let pieces = slices + count * Self.slicesPerRun
        pieces[0] = iovec(
            iov_base: headers + count * OffloadHeader.length,
            iov_len: OffloadHeader.length
        )
        pieces[1] = iovec(iov_base: bytes, iov_len: length)
        count += 1
    }

    /// Among the newest runs.
    @inline(__always)
    private func newestRun(of packet: FlowPacket) -> Int? {
        var index = count
        let end = max(count - Self.lookBack, 0)
        while index > end {
            index -= 1
            if runs[index].first?.flow == packet.flow { return index }
        }
        return nil
    }

    @inline(__always)
    private mutating func extend(_ index: Int, with packet: FlowPacket) -> Bool {
        let run = runs + index
        guard run.pointee.isOpen, let first = run.pointee.first,
            packet.payload <= run.pointee.segmentSize, run.pointee.count < Self.mostPackets,
            run.pointee.length + packet.payload <= Self.mostBytes,
            packet.continues(first, number: run.pointee.count)
        else { return false }
        if packet.kind.isTCP {
            let number = UnsafePointer(packet.bytes).loadBig32(at: packet.transport + 4)
            guard number == run.pointee.nextNumber else { return false }
            run.pointee.nextNumber = number &+ UInt32(truncatingIfNeeded: packet.payload)
        }
        if !run.pointee.isChecked {
            guard first.hasRightChecksums else { return false }
            run.pointee.isChecked = true
        }
        guard packet.hasRightChecksums else { return false }
        slices[index * Self.slicesPerRun + run.pointee.count + 1] = iovec(
            iov_base: packet.bytes + packet.headerLength,
            iov_len: packet.payload
        )
        run.pointee.count += 1
        run.pointee.length += packet.payload
        run.pointee.isPushed = Self.isPushed(packet)
        // Nothing follows a shorter packet, nor one that its sender wants to be read at once.
        run.pointee.isOpen = packet.payload == run.pointee.segmentSize && !run.pointee.isPushed
        return true
    }

    private static func isPushed(_ packet: FlowPacket) -> Bool {
        packet.kind.isTCP && packet.bytes[packet.transport + 13] & TCPFlag.push != 0
    }
}

/// What is written.
extension PacketJoiner {
    /// What the kernel has to take for a run of several packets.
    package func offload(ofRun index: Int) -> TUNDevice.Offloads {
        runs[index].first?.kind.isTCP == true ? .tcp : .udp
    }

    /// How many packets a run has.
    package func packets(ofRun index: Int) -> Int { runs[index].count }

    /// The run in its pieces, a header for the kernel before it. The first packet becomes the head of all of
    /// the run.
    package mutating func write(_ index: Int) -> UnsafeBufferPointer<iovec> {
        let run = runs + index
        var header = OffloadHeader.plain
        if run.pointee.count > 1, let first = run.pointee.first {
            header = makeHead(first, run)
        }
        header.write(to: headers + index * OffloadHeader.length)
        return UnsafeBufferPointer(
            start: slices + index * Self.slicesPerRun,
            count: run.pointee.count + 1
        )
    }

    /// The packets of a run one by one, after the kernel has refused it: `body` gets each in its pieces, as
    /// `write` gives a run.
    package mutating func writeSingly(
        _ index: Int,
        _ body: (UnsafeBufferPointer<iovec>) -> Void
    ) {
        let run = runs + index
        guard run.pointee.count > 1, let first = run.pointee.first else {
            return body(write(index))
        }
        restore(first, run)
        let header = headers + index * OffloadHeader.length
        OffloadHeader.plain.write(to: header)
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { pieces in
            for number in 0..<run.pointee.count {
                let slice = slices[index * Self.slicesPerRun + 1 + number]
                // The headers of the others still stand before their payloads.
                let before = number == 0 ? 0 : first.headerLength
                pieces.initializeElement(
                    at: 0,
                    to: iovec(iov_base: header, iov_len: OffloadHeader.length)
                )
                pieces.initializeElement(
                    at: 1,
                    to: iovec(
                        iov_base: slice.iov_base - before,
                        iov_len: slice.iov_len + before
                    )
                )
                body(UnsafeBufferPointer(pieces))
            }
        }
    }

    /// What the kernel wants of a run: lengths of all of it, and the sum of the pseudo-header in place of the
    /// checksum.
    private func makeHead(_ first: FlowPacket, _ run: UnsafeMutablePointer<Run>) -> OffloadHeader {
        let bytes = first.bytes
        run.pointee.headerChecksum = UnsafePointer(bytes).loadBig16(at: 10)
        run.pointee.transportChecksum = UnsafePointer(bytes).loadBig16(at: first.checksumPlace)
        PacketFields.setLength(run.pointee.length, of: bytes, isIPv6: first.isIPv6)
        let covered = run.pointee.length - first.transport
        if first.kind.isTCP {
            if run.pointee.isPushed { bytes[first.transport + 13] |= TCPFlag.push }
        } else {
            bytes.storeBig16(UInt16(truncatingIfNeeded: covered), at: first.transport + 4)
        }
        let sum = first.pseudoHeader(length: covered).uncomplemented
        bytes.storeBig16(sum, at: first.checksumPlace)
        return OffloadHeader(
            kind: first.kind,
            needsChecksum: true,
            headerLength: UInt16(first.headerLength),
            segmentSize: UInt16(run.pointee.segmentSize),
            checksumStart: UInt16(first.transport),
            checksumOffset: UInt16(first.checksumPlace - first.transport)
        )
    }

    /// Undoes `makeHead`.
    private func restore(_ first: FlowPacket, _ run: UnsafeMutablePointer<Run>) {
        let bytes = first.bytes
        PacketFields.setLength(first.length, of: bytes, isIPv6: first.isIPv6)
        if !first.isIPv6 { bytes.storeBig16(run.pointee.headerChecksum, at: 10) }
        if first.kind.isTCP {
            bytes[first.transport + 13] = TCPFlag.acknowledge
        } else {
            let covered = first.length - first.transport
            bytes.storeBig16(UInt16(truncatingIfNeeded: covered), at: first.transport + 4)
        }
        bytes.storeBig16(run.pointee.transportChecksum, at: first.checksumPlace)
    }
}
