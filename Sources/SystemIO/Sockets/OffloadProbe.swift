import CLinux
import Glibc
package import NetAddress

/// Whether runs of datagrams go out and come in as the data plane sends and receives them (`UDP_SEGMENT`,
/// `UDP_GRO`): tried with real datagrams, as what a kernel says of itself can differ from what it does.
package struct OffloadProbe: Equatable, Sendable {
    /// Why the kernel refused to send the run to an address of this host; nil where it did not.
    package var refusal: Int32?
    /// Of the run's datagrams, those that arrived with the bytes that were sent, in order.
    package var intact = 0
    /// The most of them that one receive brought.
    package var mostJoined = 0
    /// Of a run whose datagrams all have one size, those that arrived as they were sent at a socket that takes none in
    /// runs, so that the kernel had to cut it: Linux 7.0 to 7.1.4 spoil such runs.
    package var cut = 0
    /// Why the device of the default route refused a run (EIO where it cannot compute checksums); nil where it
    /// took the run or was not asked.
    package var deviceRefusal: Int32?

    /// The last datagram is shorter than the others, as in a run of packets.
    package static let datagrams = 16
    /// Of the run without it.
    package static let evenDatagrams = datagrams - 1
    private static let size = 1_200
    private static let lastSize = 700

    /// Waits for at most two seconds.
    ///
    /// - Parameter address: one of this host's.
    /// - Parameter destination: where a router is the next hop. A run of two datagrams goes there, which
    ///   the hop limit lets no further than that router. Nil sends none.
    package init(
        at address: IPAddress,
        towards destination: Endpoint?
    ) throws(SystemError) {
        let receiver = try UDPSocket(ListenAddress(address: address, port: 0))
        let sender = try UDPSocket(ListenAddress(address: address, port: 0))
        let sent = Self.bytes()
        let target = Endpoint(address: address, port: receiver.port)
        let status = Self.send(sent, of: Self.size, through: sender, to: target)
        if status < 0 {
            refusal = -status
        } else {
            receive(sent, from: receiver)
            cut = try Self.cut(at: address, from: sender)
        }
        guard let destination else { return }
        try Self.limitHops(of: sender)
        let outward = Self.send(
            Array(sent.prefix(2 * Self.size)),
            of: Self.size,
            through: sender,
            to: destination
        )
        if outward < 0 { deviceRefusal = -outward }
    }

    /// Each datagram differs from the others, so that a changed order is seen.
    private static func bytes() -> [UInt8] {
        (0..<(datagrams - 1) * size + lastSize).map { UInt8(truncatingIfNeeded: $0 &+ $0 / size) }
    }

    /// One datagram for each `size` bytes, in one message.
    private static func send(
        _ bytes: [UInt8],
        of size: Int,
        through socket: UDPSocket,
        to target: Endpoint
    ) -> Int32 {
        var bytes = bytes
        return bytes.withUnsafeMutableBytes { buffer in
            var slice = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return withUnsafeMutablePointer(to: &slice) { slice in
                var message = clinux_message()
                message.address(to: target)
                message.slices = slice
                message.slice_count = 1
                message.segment_size = UInt16(size)
                return clinux_send(socket.descriptor, socket.isIPv6, &message, 1)
            }
        }
    }

    private mutating func receive(_ sent: [UInt8], from socket: UDPSocket) {
        let buffers = ReceiveBuffers(buffers: Self.datagrams)
        var offset = 0
        var isInOrder = true
        while offset < sent.count, clinux_wait_readable(socket.descriptor, 1_000) > 0 {
            for index in 0..<max(Int(buffers.receive(from: socket)), 0) {
                guard let run = buffers.run(index) else { continue }
                let pieces = (run.bytes.count + run.segmentSize - 1) / max(run.segmentSize, 1)
                mostJoined = max(mostJoined, pieces)
                let expected = sent.dropFirst(offset).prefix(run.bytes.count)
                let isWhole = run.segmentSize == Self.size || run.bytes.count == Self.lastSize
                isInOrder = isInOrder && isWhole && run.bytes.elementsEqual(expected)
                if isInOrder { intact += pieces }
                offset += run.bytes.count
            }
        }
    }

    private static func cut(
        at address: IPAddress,
        from sender: UDPSocket
    ) throws(SystemError) -> Int {
        let receiver = try UDPSocket(ListenAddress(address: address, port: 0), queue: .handshakes)
        let even = Array(bytes().prefix(evenDatagrams * size))
        let target = Endpoint(address: address, port: receiver.port)
        guard send(even, of: size, through: sender, to: target) >= 0 else { return 0 }
        let buffers = ReceiveBuffers(buffers: evenDatagrams)
        var intact = 0
        while intact < evenDatagrams, clinux_wait_readable(receiver.descriptor, 1_000) > 0 {
            for index in 0..<max(Int(buffers.receive(from: receiver)), 0) {
                let expected = even.dropFirst(intact * size).prefix(size)
                guard let run = buffers.run(index), run.bytes.elementsEqual(expected) else {
                    return intact
                }
                intact += 1
            }
        }
        return intact
    }

    private static func limitHops(of socket: UDPSocket) throws(SystemError) {
        var one: Int32 = 1
        let (level, name) =
            socket.isIPv6 ? (IPPROTO_IPV6, IPV6_UNICAST_HOPS) : (Int(IPPROTO_IP), IP_TTL)
        let status = setsockopt(
            socket.descriptor,
            Int32(level),
            Int32(name),
            &one,
            socklen_t(MemoryLayout<Int32>.size)
        )
        guard status == 0 else { throw SystemError(call: "setsockopt IP_TTL", status: -errno) }
    }
}
