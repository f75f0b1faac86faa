import CLinux
import Glibc
public import NetAddress
import Synchronization

/// A gateway's UDP socket. IPv6 and IPv4 share one where the host has IPv6; IPv4 peers are seen
/// with their IPv4 addresses all the same.
///
/// It is opened on the caller's thread and belongs to one worker from then on.
package final class UDPSocket: Sendable {
    package let descriptor: Int32
    package let isIPv6: Bool
    package let port: UInt16
    private let segments: Atomic<Bool>
    /// That are counted already.
    private let overflows = Atomic<UInt32>(0)
    private let isOpen = Atomic<Bool>(true)
    /// Released when the last socket of the gateway is gone.
    private let places: SocketPlaces?

    /// The size of the kernel's buffers, which use memory only while datagrams wait in them.
    package struct Queue: Sendable {
        var bytes: Int32
        /// Datagrams of one sender arrive as a run (`UDP_GRO`).
        var joinsRuns: Bool

        /// Some milliseconds of a full 10 Gbit/s link.
        package static let transport = Queue(bytes: 8 << 20, joinsRuns: true)
        /// Some hundred milliseconds of handshakes: what waits longer is sent again anyhow.
        package static let handshakes = Queue(bytes: 1 << 20, joinsRuns: false)
    }

    /// What a gateway's socket asks of the system, which gives no more than its limits.
    package static let wantedBufferBytes = Int(Queue.transport.bytes)

    package convenience init(
        _ listen: ListenAddress,
        sharesPort: Bool = false,
        queue: Queue = .transport,
        places: SocketPlaces? = nil
    ) throws(SystemError) {
        let isIPv6 =
            switch listen.address {
            case .v4: false
            case .v6: true
            case nil: UDPSocket.hostHasIPv6
            }
        try self.init(listen, isIPv6: isIPv6, sharesPort: sharesPort, queue: queue, places: places)
    }

    package init(
        _ listen: ListenAddress,
        isIPv6: Bool,
        sharesPort: Bool = false,
        queue: Queue = .transport,
        places: SocketPlaces? = nil
    ) throws(SystemError) {
        let descriptor = clinux_udp_open(isIPv6, listen.address != nil)
        guard descriptor >= 0 else {
            throw descriptor == -EAFNOSUPPORT
                ? SystemError(binding: listen, status: descriptor)
                : SystemError(call: "socket", status: descriptor)
        }
        do throws(SystemError) {
            if sharesPort {
                try checked("setsockopt SO_REUSEPORT", clinux_udp_share_port(descriptor))
            }
            let address = listen.address.map { clinux_address($0) } ?? .any(isIPv6: isIPv6)
            let status = clinux_udp_bind(descriptor, isIPv6, address, listen.port)
            guard status >= 0 else { throw SystemError(binding: listen, status: status) }
            port = UInt16(try checked("getsockname", clinux_udp_port(descriptor)))
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.isIPv6 = isIPv6
        self.places = places
        segments = Atomic(clinux_udp_probe_segmentation(descriptor) >= 0)
        // Optional: without these the socket is slower, but works.
        if queue.joinsRuns { _ = clinux_udp_enable_gro(descriptor) }
        _ = clinux_udp_set_buffers(descriptor, queue.bytes)
        _ = clinux_udp_allow_fragments(descriptor)
        _ = clinux_udp_count_overflows(descriptor)
    }

    deinit { shut() }

    /// Whether the kernel segments a run into datagrams (`UDP_SEGMENT`).
    package var isSegmenting: Bool { segments.load(ordering: .relaxed) }

    package func stopSegmenting() { segments.store(false, ordering: .relaxed) }

    /// How many datagrams the socket has dropped for lack of room since the last call.
    ///
    /// - Parameter total: what the kernel tells with each datagram.
    package func newOverflows(_ total: UInt32) -> UInt64 {
        UInt64(total &- overflows.exchange(total, ordering: .relaxed))
    }

    /// From now on more sockets may be bound to the port (SO_REUSEPORT).
    package func sharePort() throws(SystemError) {
        try checked("setsockopt SO_REUSEPORT", clinux_udp_share_port(descriptor))
    }

    /// What the socket sends carries this mark from now on, which rules of routing may ask for. It needs
    /// CAP_NET_ADMIN.
    package func mark(_ mark: UInt32) throws(SystemError) {
        try checked("setsockopt SO_MARK", clinux_set_mark(descriptor, mark))
    }

    /// Steers what arrives at the port to the sockets that share it: handshakes to the first bound,
    /// the sessions of each shard to one of the others. Without it messages are spread by sender.
    package func steerTransport(shards: Int) -> Bool {
        clinux_udp_steer_transport(descriptor, UInt32(shards)) >= 0
    }

    /// Closes the socket at once, even while other references to this object exist. Idempotent.
    package func shut() {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        close(descriptor)
    }

    private static var hostHasIPv6: Bool {
        let probe = clinux_udp_open(true, false)
        guard probe >= 0 else { return probe != -EAFNOSUPPORT }
        close(probe)
        return true
    }
}

/// Where a gateway listens for UDP datagrams.
public struct ListenAddress: Hashable, Sendable {
    /// Nil listens on every address of the host, IPv6 and IPv4.
    public var address: IPAddress?
    /// Zero takes any free port.
    public var port: UInt16

    public init(address: IPAddress? = nil, port: UInt16) {
        self.address = address
        self.port = port
    }
}
