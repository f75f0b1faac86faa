import CLinux
import DataPlane
import Glibc
import Synchronization

/// Where one thread waits while another keeps it closed; waiting takes no processor time.
final class Gate: Sendable {
    private let descriptor: Int32
    private let poll: EventPoll
    private let isClosed = Atomic<Bool>(false)

    init() throws {
        let poll = try EventPoll()
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw LoadProblem(call: "eventfd", errno: -descriptor) }
        self.poll = poll
        try poll.add(descriptor, tag: 0)
    }

    deinit { Glibc.close(descriptor) }

    func close() { isClosed.store(true, ordering: .releasing) }

    func open() {
        isClosed.store(false, ordering: .releasing)
        _ = clinux_eventfd_signal(descriptor)
    }

    func pass() {
        guard isClosed.load(ordering: .acquiring) else { return }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: EventPoll.capacity) { tags in
            guard let tags = tags.baseAddress else { return }
            while isClosed.load(ordering: .acquiring) {
                _ = poll.wait(until: nil, into: tags)
                _ = clinux_eventfd_clear(descriptor)
            }
        }
    }
}
