import CommandLineProgram
import Glibc

/// A new file that has its name when it is complete and on disk, and not before. Until then it is
/// `NAME.partial`, which one process at a time writes, and which goes with this object.
final class DraftFile {
    let path: String
    private let draft: String
    private let descriptor: Int32
    private(set) var size = 0
    private var isPublished = false

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        draft = path + ".partial"
        Self.removeLeftover(draft)
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                errno == EEXIST
                    ? "\(draft) is being written by another process; wait for it, or move it away"
                    : "\(path) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isPublished { unlink(draft) }
        close(descriptor)
    }

    func write(_ bytes: [UInt8]) throws {
        try OutputFile(descriptor: descriptor, name: draft).write(bytes[...])
        size += bytes.count
    }

    func publish() throws(CommandFailure) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        isPublished = true
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    /// Of a process that was killed: one that runs holds the lock.
    private static func removeLeftover(_ draft: String) {
        let left = open(draft, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard left >= 0 else { return }
        if flock(left, LOCK_EX | LOCK_NB) == 0 { unlink(draft) }
        close(left)
    }
}
