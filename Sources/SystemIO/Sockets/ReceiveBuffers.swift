public import CLinux
import Glibc
public import NetAddress

/// The memory that one thread receives into, allocated once and used for every batch of all its
/// sockets.
public struct ReceiveBuffers: ~Copyable {
    package let capacity: Int
    @usableFromInline let memory: UnsafeMutableRawPointer
    @usableFromInline let bufferBytes: Int
    private let slices: UnsafeMutablePointer<iovec>
    @usableFromInline let messages: UnsafeMutablePointer<clinux_message>

    /// - Parameter bufferBytes: the default holds the largest run that `UDP_GRO` makes.
    package init(buffers: Int = 32, bufferBytes: Int = 65_536) {
        precondition(buffers <= Int(CLINUX_MAX_MESSAGES))
        capacity = buffers
        self.bufferBytes = bufferBytes
        memory = .allocate(byteCount: buffers * bufferBytes, alignment: 4096)
        slices = .allocate(capacity: buffers)
        messages = .allocate(capacity: buffers)
        for index in 0..<buffers {
            let base = memory + index * bufferBytes
            (slices + index).initialize(to: iovec(iov_base: base, iov_len: bufferBytes))
            (messages + index).initialize(to: clinux_message())
            messages[index].slices = slices + index
            messages[index].slice_count = 1
        }
    }

    deinit {
        messages.deallocate()
        slices.deallocate()
        memory.deallocate()
    }

    /// How many buffers were filled, or a negative error number.
    package func receive(from socket: borrowing UDPSocket, atMost limit: Int = .max) -> Int32 {
        clinux_receive(socket.descriptor, messages, UInt32(min(capacity, limit)))
    }

    /// How many datagrams the socket had dropped when the last of these was received, counted in 32 bits.
    @inlinable
    public func overflows(ofFilled count: Int) -> UInt32 {
        messages[count - 1].overflows
    }

    /// The run of datagrams in a filled buffer; nil when the buffer was too small for it.
    @inlinable
    public func run(_ index: Int) -> ReceivedRun? {
        let message = messages + index
        guard !message.pointee.truncated else { return nil }
        let length = Int(message.pointee.length)
        let segment = Int(message.pointee.segment_size)
        return ReceivedRun(
            remote: Endpoint(
                address: IPAddress(message.pointee.remote),
                port: message.pointee.remote_port,
                zone: message.pointee.remote_zone
            ),
            local: message.pointee.has_local ? IPAddress(message.pointee.local) : nil,
            bytes: UnsafeMutableRawBufferPointer(
                start: memory + index * bufferBytes,
                count: length
            ),
            segmentSize: segment > 0 ? segment : length
        )
    }
}

/// Datagrams of one sender and one size that came in one buffer; the last may be shorter.
public struct ReceivedRun {
    public let remote: Endpoint
    /// Which of our own addresses they were sent to.
    public let local: IPAddress?
    public let bytes: UnsafeMutableRawBufferPointer
    public let segmentSize: Int

    @inlinable
    public init(
        remote: Endpoint,
        local: IPAddress?,
        bytes: UnsafeMutableRawBufferPointer,
        segmentSize: Int
    ) {
        self.remote = remote
        self.local = local
        self.bytes = bytes
        self.segmentSize = segmentSize
    }
}
