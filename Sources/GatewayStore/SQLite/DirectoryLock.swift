import Glibc

/// Keeps a second process out of a data directory. The kernel releases it with the process,
/// however that ends, so the lock of a killed process does not stay.
final class DirectoryLock: Sendable {
    private let descriptors: [Int32]

    /// Locks the directory itself, which stays locked when the file `lock` is removed, and that file,
    /// which earlier versions lock.
    init(directory: String) throws(StoreError) {
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .unwritable(path: directory) }
        // Some network file systems lock files only.
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(folder)
            throw .locked(path: directory)
        }
        let file = open(directory + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let error: StoreError =
                file < 0 ? .unwritable(path: directory) : .locked(path: directory)
            if file >= 0 { close(file) }
            close(folder)
            throw error
        }
        descriptors = [folder, file]
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
