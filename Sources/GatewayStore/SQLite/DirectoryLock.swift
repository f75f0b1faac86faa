import Glibc

/// Keeps a second process out of a data directory. The kernel releases it with the process,
/// however that ends, so a lock never outlives its owner.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws(StoreError) {
        let descriptor = open(directory + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: directory) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: directory)
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
