import CLinux
import Glibc
import NetAddress
package import WireGuardEngine

/// The memory that a worker receives into, allocated once and used for every batch of all its
/// sockets. The engine opens, seals and sends from it in place.
package struct ReceiveBuffers: ~Copyable {
    package let capacity: Int
    private let memory: UnsafeMutableRawPointer
    private let bufferBytes: Int
    private let slices: UnsafeMutablePointer<iovec>
    private let messages: UnsafeMutablePointer<clinux_message>

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

    /// The run of datagrams in a filled buffer; nil when the buffer was too small for it.
    package func run(_ index: Int, on gateway: GatewayHandle) -> DatagramRun? {
        let message = messages + index
        guard !message.pointee.truncated else { return nil }
        let length = Int(message.pointee.length)
        let segment = Int(message.pointee.segment_size)
        return DatagramRun(
            gateway: gateway,
            addressPair: AddressPair(
                remote: Endpoint(
                    address: IPAddress(message.pointee.remote),
                    port: message.pointee.remote_port,
                    zone: message.pointee.remote_zone
                ),
                local: message.pointee.has_local ? IPAddress(message.pointee.local) : nil
            ),
            bytes: UnsafeMutableRawBufferPointer(
                start: memory + index * bufferBytes,
                count: length
            ),
            segmentSize: segment > 0 ? segment : length
        )
    }
}
