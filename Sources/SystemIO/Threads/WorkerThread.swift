import CLinux
import Glibc

/// A POSIX thread. The packet loop blocks, which Swift's cooperative pool forbids.
package final class WorkerThread: Sendable {
    private let handle: pthread_t

    /// - Parameter processor: the one that the thread stays on; where it may not, it runs anyhow.
    package init(
        named name: String,
        processor: UInt32?,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let box = Unmanaged.passRetained(
            Handover {
                _ = clinux_name_thread(name)
                _ = clinux_block_signals()
                if let processor { _ = clinux_pin_thread(processor) }
                body()
            }
        )
        var handle = pthread_t()
        let status = pthread_create(
            &handle,
            nil,
            { raw in
                if let raw { Unmanaged<Handover>.fromOpaque(raw).takeRetainedValue().body() }
                return nil
            },
            box.toOpaque()
        )
        guard status == 0 else {
            box.release()
            throw .system(call: "pthread_create", errno: status)
        }
        self.handle = handle
    }

    /// For a thread whose end is not waited for. Not to be joined afterwards.
    package func detach() { pthread_detach(handle) }

    /// Joins all threads, once. They wait for each other at their end, so if one of them makes the
    /// call, joining would deadlock: then they are detached instead.
    package static func join(_ threads: [WorkerThread]) {
        let isOneOfThem = threads.contains { pthread_equal($0.handle, pthread_self()) != 0 }
        for thread in threads {
            if isOneOfThem {
                pthread_detach(thread.handle)
            } else {
                pthread_join(thread.handle, nil)
            }
        }
    }

    /// Carries the closure through the `void *` of `pthread_create`.
    private final class Handover: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
