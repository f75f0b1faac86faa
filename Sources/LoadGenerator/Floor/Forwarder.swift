import CLinux
import Glibc
import NetAddress
import Synchronization
import SystemIO
import WireGuardEngine

/// Sends every datagram on to one address and looks at none: the least that any hub must do with its
/// sockets. On a thread of its own.
final class Forwarder: Sendable {
    let port: UInt16
    private let threads: Mutex<[WorkerThread]>
    private let shared: Shared

    private final class Shared: Sendable {
        let isStopping = Atomic<Bool>(false)
        /// The destination, an IPv4 address and a port; zero before it is set.
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
            var loop = ForwardingLoop(socket: socket)
            let tags = UnsafeMutablePointer<UInt64>.allocate(capacity: EventPoll.capacity)
            defer { tags.deallocate() }
            while !shared.isStopping.load(ordering: .relaxed) {
                if !loop.forward(to: shared.destination.load(ordering: .relaxed)) {
                    let deadline = BootClock.nanoseconds + 1_000_000
                    _ = poll.wait(untilNanoseconds: deadline, into: tags)
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

    /// The processor time of the forwarding thread, in nanoseconds.
    func threadTime() -> UInt64 {
        shared.isAsked.store(true, ordering: .releasing)
        while shared.isAsked.load(ordering: .acquiring) { clinux_yield() }
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

extension IPv4Address {
    static let loopback = IPv4Address(bits: 0x7f00_0001)
}
