import CLinux
import DataPlane
import Glibc
import NetAddress
import Synchronization
import WireGuardEngine

/// Sends every datagram on to one address, whole runs as they came, and looks at none: the least
/// that any hub must do with its sockets. On a thread of its own.
final class Forwarder: Sendable {
    let port: UInt16
    private let threads: Mutex<[WorkerThread]>
    private let shared: Shared

    private final class Shared: Sendable {
        let isStopping = Atomic<Bool>(false)
        /// Where to, an IPv4 address and a port; zero before anybody said.
        let destination = Atomic<UInt64>(0)
        let isAsked = Atomic<Bool>(false)
        let threadTime = Atomic<UInt64>(0)
    }

    init(processor: UInt32?) throws {
        let shared = Shared()
        let socket = try UDPSocket(ListenAddress(address: .v4(.loopback), port: 0))
        let poll = try EventPoll()
        try poll.add(socket.descriptor, tag: 0)
        self.shared = shared
        port = socket.port
        threads = Mutex([])
        let thread = try WorkerThread(named: "wgw-forwarder", processor: processor) {
            let loop = ForwardingLoop(socket: socket)
            let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
            defer { tags.deallocate() }
            while !shared.isStopping.load(ordering: .relaxed) {
                if !loop.forward(to: shared.destination.load(ordering: .relaxed)) {
                    let deadline = Instant(nanoseconds: BootClock.now.nanoseconds + 1_000_000)
                    _ = poll.wait(until: deadline, into: tags)
                }
                if shared.isAsked.load(ordering: .acquiring) { Self.answer(shared) }
            }
        }
        threads.withLock { $0 = [thread] }
    }

    func send(to port: UInt16) {
        let address = UInt64(IPv4Address.loopback.bits)
        shared.destination.store(address << 16 | UInt64(port), ordering: .relaxed)
    }

    /// The processor time of the forwarding thread; `meanwhile` is called until it has answered.
    func threadTime(meanwhile: () throws(LoadProblem) -> Void) throws(LoadProblem) -> UInt64 {
        shared.isAsked.store(true, ordering: .releasing)
        while shared.isAsked.load(ordering: .acquiring) { try meanwhile() }
        return shared.threadTime.load(ordering: .relaxed)
    }

    func stop() {
        shared.isStopping.store(true, ordering: .relaxed)
        threads.withLock { threads in
            WorkerThread.join(threads)
            threads = []
        }
    }

    private static func answer(_ shared: Shared) {
        var time: UInt64 = 0
        _ = clinux_thread_time(&time)
        shared.threadTime.store(time, ordering: .relaxed)
        shared.isAsked.store(false, ordering: .releasing)
    }
}

/// The memory of a forwarder, in the shape of a worker's.
private struct ForwardingLoop: ~Copyable {
    private static let buffers = 32
    private static let bufferBytes = 1 << 16

    private let socket: UDPSocket
    private let memory: UnsafeMutableRawPointer
    private let slices: UnsafeMutablePointer<iovec>
    private let messages: UnsafeMutablePointer<clinux_message>

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
    }

    deinit {
        messages.deallocate()
        slices.deallocate()
        memory.deallocate()
    }

    /// One receive call and one send call. False when nothing was there.
    func forward(to destination: UInt64) -> Bool {
        let count = Int(clinux_receive(socket.descriptor, messages, UInt32(Self.buffers)))
        guard count > 0 else { return false }
        for index in 0..<count {
            slices[index].iov_len = Int(messages[index].length)
            messages[index].remote = clinux_address(
                .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: destination >> 16)))
            )
            messages[index].remote_port = UInt16(truncatingIfNeeded: destination)
            if messages[index].segment_size >= messages[index].length {
                messages[index].segment_size = 0
            }
            messages[index].has_local = false
        }
        var sent = 0
        while sent < count {
            let status = clinux_send(
                socket.descriptor,
                socket.isIPv6,
                messages + sent,
                UInt32(count - sent)
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
        for index in 0..<count { slices[index].iov_len = Self.bufferBytes }
        return true
    }
}

extension IPv4Address {
    static let loopback = IPv4Address(bits: 0x7f00_0001)
}
