import CLinux
import Glibc
import NetAddress
import SystemIO

/// The memory of a forwarder, in the shape of a worker's: many datagrams to a receive call, and
/// neighbours of one size leave as one message, whichever way they came.
struct ForwardingLoop: ~Copyable {
    private static let buffers = 32
    private static let bufferBytes = 1 << 16
    private static let capacity = Int(CLINUX_MAX_MESSAGES)
    private static let segmentsPerUnit = 64
    /// The largest UDP payload over IPv4.
    private static let bytesPerUnit = 65_507

    private let socket: UDPSocket
    private let memory: UnsafeMutableRawPointer
    private let slices: UnsafeMutablePointer<iovec>
    private let messages: UnsafeMutablePointer<clinux_message>
    private let pieces: UnsafeMutablePointer<iovec>
    private let units: UnsafeMutablePointer<clinux_message>
    private var pieceCount = 0
    private var unitCount = 0
    /// Of the newest unit: how many datagrams and bytes it has, of which size.
    private var segments = 0
    private var bytes = 0
    private var segmentSize = 0

    init(socket: UDPSocket) {
        self.socket = socket
        memory = .allocate(byteCount: Self.buffers * Self.bufferBytes, alignment: 4096)
        slices = .allocate(capacity: Self.buffers)
        messages = .allocate(capacity: Self.buffers)
        for index in 0..<Self.buffers {
            let base = memory + index * Self.bufferBytes
            (slices + index).initialize(to: iovec(iov_base: base, iov_len: Self.bufferBytes))
            (messages + index).initialize(to: clinux_message())
            messages[index].slices = slices + index
            messages[index].slice_count = 1
        }
        pieces = .allocate(capacity: Self.capacity)
        pieces.initialize(repeating: iovec(), count: Self.capacity)
        units = .allocate(capacity: Self.capacity)
        units.initialize(repeating: clinux_message(), count: Self.capacity)
    }

    deinit {
        units.deallocate()
        pieces.deallocate()
        messages.deallocate()
        slices.deallocate()
        memory.deallocate()
    }

    /// One receive call, and what it brought is sent. False when nothing was there.
    mutating func forward(to destination: UInt64) -> Bool {
        let count = Int(clinux_receive(socket.descriptor, messages, UInt32(Self.buffers)))
        guard count > 0 else { return false }
        for index in 0..<count {
            let length = Int(messages[index].length)
            let segment = Int(messages[index].segment_size)
            append(
                memory + index * Self.bufferBytes,
                length,
                segment > 0 ? min(segment, length) : length,
                to: destination
            )
        }
        flush()
        return true
    }

    /// A run of datagrams: as many as fit join the newest unit, the others begin new ones.
    private mutating func append(
        _ base: UnsafeMutableRawPointer,
        _ length: Int,
        _ segment: Int,
        to destination: UInt64
    ) {
        guard segment > 0 else { return }
        var offset = 0
        while offset < length {
            var room = 0
            if unitCount > 0, segment == segmentSize {
                room = min(Self.segmentsPerUnit - segments, (Self.bytesPerUnit - bytes) / segment)
            }
            if pieceCount == Self.capacity || unitCount == Self.capacity {
                flush()
                room = 0
            }
            if room == 0 {
                begin(segment, to: destination)
                room = max(min(Self.segmentsPerUnit, Self.bytesPerUnit / segment), 1)
            }
            let taken = min(length - offset, room * segment)
            extend(base + offset, taken)
            offset += taken
        }
    }

    private mutating func begin(_ segment: Int, to destination: UInt64) {
        units[unitCount] = clinux_message()
        units[unitCount].slices = pieces + pieceCount
        units[unitCount].remote = clinux_address(
            .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: destination >> 16)))
        )
        units[unitCount].remote_port = UInt16(truncatingIfNeeded: destination)
        unitCount += 1
        (segments, bytes, segmentSize) = (0, 0, segment)
    }

    private mutating func extend(_ base: UnsafeMutableRawPointer, _ count: Int) {
        pieces[pieceCount] = iovec(iov_base: base, iov_len: count)
        pieceCount += 1
        segments += (count + segmentSize - 1) / segmentSize
        bytes += count
        let unit = units + unitCount - 1
        unit.pointee.slice_count += 1
        unit.pointee.segment_size = segments > 1 ? UInt16(segmentSize) : 0
        // Nothing may follow a shorter datagram.
        if count % segmentSize != 0 { segments = Self.segmentsPerUnit }
    }

    private mutating func flush() {
        var sent = 0
        while sent < unitCount {
            let status = clinux_send(
                socket.descriptor,
                socket.isIPv6,
                units + sent,
                UInt32(unitCount - sent)
            )
            guard status < 0 else {
                sent += Int(status)
                continue
            }
            // A datagram that does not leave is lost, as it would be in a router.
            if -status == EAGAIN {
                _ = clinux_wait_writable(socket.descriptor, 2)
            } else {
                sent += 1
            }
        }
        (unitCount, pieceCount) = (0, 0)
    }
}
