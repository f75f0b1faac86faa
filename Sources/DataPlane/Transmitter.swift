import CLinux
import Glibc
import NetAddress
import SystemIO
import WireGuardEngine

/// Sends the engine's messages, one `sendmsg` unit each and many to a system call. A message that
/// cannot be sent is counted and skipped.
struct Transmitter: ~Copyable {
    private static let capacity = Int(CLINUX_MAX_MESSAGES)
    /// How long one flush may wait, once, for a full send buffer to drain.
    private static let patienceMilliseconds: Int32 = 2

    private let units: UnsafeMutablePointer<clinux_message>
    /// One datagram each, for runs that the kernel does not segment.
    private let pieces: UnsafeMutablePointer<iovec>
    private(set) var refusedRuns = RefusedRuns()

    init() {
        precondition(OutgoingSlice.hasLayoutOfIovec, "the engine's slices are sent as they are")
        units = .allocate(capacity: Self.capacity)
        units.initialize(repeating: clinux_message(), count: Self.capacity)
        pieces = .allocate(capacity: Self.capacity)
        pieces.initialize(repeating: iovec(), count: Self.capacity)
    }

    deinit {
        units.deallocate()
        pieces.deallocate()
    }

    /// Sends messages of one gateway, in order.
    mutating func send(
        _ messages: UnsafeBufferPointer<OutgoingMessage>,
        slices: UnsafeMutablePointer<iovec>,
        through socket: UDPSocket,
        counting io: inout IOCounters
    ) {
        var next = 0
        var mayWait = true
        while next < messages.count {
            let filled = fill(messages, from: next, slices, isSegmenting: socket.isSegmenting)
            guard filled > 0 else {
                refusedRuns.noteCut(messages[next])
                sendSingly(messages[next], slices, through: socket, counting: &io)
                next += 1
                continue
            }
            let status = clinux_send(socket.descriptor, socket.isIPv6, units, UInt32(filled))
            for _ in 0..<max(status, 0) {
                let sent = messages[next]
                io.recordSent(datagrams: sent.segmentCount, bytes: sent.byteCount)
                next += 1
            }
            guard status < 0, -status != EINTR else { continue }
            if -status == EAGAIN, mayWait {
                mayWait = false
                _ = clinux_wait_writable(socket.descriptor, Self.patienceMilliseconds)
                continue
            }
            recover(messages[next], slices, from: -status, through: socket, counting: &io)
            next += 1
        }
    }

    /// Prepares as many messages as one call takes, up to the first that the kernel cannot segment.
    private func fill(
        _ messages: UnsafeBufferPointer<OutgoingMessage>,
        from first: Int,
        _ slices: UnsafeMutablePointer<iovec>,
        isSegmenting: Bool
    ) -> Int {
        let most = min(Self.capacity, messages.count - first)
        for count in 0..<most {
            let message = messages[first + count]
            guard message.segmentCount == 1 || isSegmenting && !refusedRuns.contains(message) else {
                return count
            }
            write(message, slices, withSource: true, to: count)
        }
        return most
    }

    private func write(
        _ message: OutgoingMessage,
        _ slices: UnsafeMutablePointer<iovec>,
        withSource: Bool,
        to index: Int
    ) {
        address(units + index, message.addressPair, withSource: withSource)
        units[index].slices = slices + message.firstSlice
        units[index].slice_count = message.sliceCount
        units[index].segment_size = message.segmentCount > 1 ? UInt16(message.segmentSize) : 0
    }

    private func address(
        _ unit: UnsafeMutablePointer<clinux_message>,
        _ pair: AddressPair,
        withSource: Bool
    ) {
        unit.pointee.address(to: pair.remote)
        unit.pointee.has_local = false
        if withSource, let local = pair.local {
            unit.pointee.local = clinux_address(local)
            unit.pointee.has_local = true
        }
    }
}

/// What to try when the kernel refuses a message.
extension Transmitter {
    @inline(never)
    private mutating func recover(
        _ message: OutgoingMessage,
        _ slices: UnsafeMutablePointer<iovec>,
        from failure: Int32,
        through socket: UDPSocket,
        counting io: inout IOCounters
    ) {
        var failure = failure
        if message.addressPair.local != nil, Self.mayBlameSource(failure) {
            write(message, slices, withSource: false, to: 0)
            let status = clinux_send(socket.descriptor, socket.isIPv6, units, 1)
            guard status < 0 else {
                io.sourceFallbacks &+= 1
                io.recordSent(datagrams: message.segmentCount, bytes: message.byteCount)
                return
            }
            failure = -status
        }
        guard message.segmentCount > 1, Self.mayBlameSegmentation(failure) else {
            io.unsent.record(errno: failure, datagrams: message.segmentCount)
            return
        }
        // EIO means that the device cannot segment, which is remembered for this socket, and EMSGSIZE that the
        // device on the way to this destination carries no such datagrams. Other errors concern this message
        // only. In every case its datagrams are sent singly.
        switch failure {
        case EIO: socket.stopSegmenting()
        case EMSGSIZE: refusedRuns.insert(message)
        default: break
        }
        sendSingly(message, slices, through: socket, counting: &io)
    }

    @inline(never)
    private func sendSingly(
        _ message: OutgoingMessage,
        _ slices: UnsafeMutablePointer<iovec>,
        through socket: UDPSocket,
        counting io: inout IOCounters
    ) {
        io.segmentationFallbacks &+= 1
        var count = 0
        var withSource = true
        for slice in UnsafeBufferPointer(
            start: slices + message.firstSlice,
            count: message.sliceCount
        ) {
            // A slice holds whole datagrams: only the run's last one is shorter.
            for offset in stride(from: 0, to: slice.iov_len, by: message.segmentSize) {
                pieces[count] = iovec(
                    iov_base: slice.iov_base + offset,
                    iov_len: min(message.segmentSize, slice.iov_len - offset)
                )
                count += 1
                guard count == Self.capacity else { continue }
                sendPieces(count, message.addressPair, &withSource, through: socket, counting: &io)
                count = 0
            }
        }
        sendPieces(count, message.addressPair, &withSource, through: socket, counting: &io)
    }

    private func sendPieces(
        _ count: Int,
        _ pair: AddressPair,
        _ withSource: inout Bool,
        through socket: UDPSocket,
        counting io: inout IOCounters
    ) {
        var next = 0
        var mayWait = true
        while next < count {
            for index in next..<count {
                address(units + index, pair, withSource: withSource)
                units[index].slices = pieces + index
                units[index].slice_count = 1
                units[index].segment_size = 0
            }
            let status = clinux_send(
                socket.descriptor,
                socket.isIPv6,
                units + next,
                UInt32(count - next)
            )
            for piece in UnsafeBufferPointer(start: pieces + next, count: Int(max(status, 0))) {
                io.recordSent(datagrams: 1, bytes: piece.iov_len)
            }
            next += Int(max(status, 0))
            guard status < 0, -status != EINTR else { continue }
            if withSource, pair.local != nil, Self.mayBlameSource(-status) {
                withSource = false
                io.sourceFallbacks &+= 1
            } else if -status == EAGAIN, mayWait {
                mayWait = false
                _ = clinux_wait_writable(socket.descriptor, Self.patienceMilliseconds)
            } else {
                io.unsent.record(errno: -status, datagrams: 1)
                next += 1
            }
        }
    }

    private static func mayBlameSource(_ errno: Int32) -> Bool {
        switch errno {
        case EINVAL, EADDRNOTAVAIL, ENETUNREACH, EHOSTUNREACH, ENODEV: true
        default: false
        }
    }

    private static func mayBlameSegmentation(_ errno: Int32) -> Bool {
        switch errno {
        case EIO, EINVAL, EMSGSIZE, EOPNOTSUPP, ENOPROTOOPT: true
        default: false
        }
    }
}

extension OutgoingSlice {
    /// `Worker.flush` hands an array of slices to the kernel as an array of `iovec`.
    static var hasLayoutOfIovec: Bool {
        MemoryLayout<OutgoingSlice>.size == MemoryLayout<iovec>.size
            && MemoryLayout<OutgoingSlice>.stride == MemoryLayout<iovec>.stride
            && MemoryLayout<OutgoingSlice>.alignment == MemoryLayout<iovec>.alignment
            && MemoryLayout<OutgoingSlice>.offset(of: \.base)
                == MemoryLayout<iovec>.offset(of: \.iov_base)
            && MemoryLayout<OutgoingSlice>.offset(of: \.count)
                == MemoryLayout<iovec>.offset(of: \.iov_len)
    }
}
