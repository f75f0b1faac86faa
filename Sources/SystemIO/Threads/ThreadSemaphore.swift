import Glibc

/// A counting semaphore of POSIX, for threads that block; Swift's tasks must not wait for it.
package final class ThreadSemaphore: @unchecked Sendable {
    /// Never moves, as `sem_init` demands.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func post() { sem_post(semaphore) }

    /// Returns once for each `post`.
    package func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }
}
