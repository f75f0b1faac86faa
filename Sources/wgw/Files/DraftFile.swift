import CommandLineProgram
import Glibc

/// A new file for its owner alone, which has its name when it is complete and on disk, and not before. Until
/// then it is `NAME.wgw-partial`, which one process at a time writes, and which goes with this object.
final class DraftFile {
    /// As the user names it.
    let path: String
    /// What the draft is called.
    let draft: String
    /// Where `path` leads to.
    private let target: String
    private let mayReplace: Bool
    private let descriptor: Int32
    private(set) var size = 0
    private var isPublished = false

    /// Finds out that the place cannot be written before there is anything to write.
    ///
    /// - Parameter mayReplace: whether the file may be there already. A link to a file is followed.
    init(_ path: String, replacing mayReplace: Bool = false) throws(CommandFailure) {
        self.path = path
        self.mayReplace = mayReplace
        target = mayReplace ? try Self.end(ofLinksFrom: path) : path
        try Self.refuseOther(at: target, path, mayReplace)
        draft = target + ".wgw-partial"
        Self.removeLeftover(draft)
        let opened = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            guard errno == EEXIST else { throw Self.unwritable(path) }
            throw CommandFailure(
                "\(draft) is being written by another process; wait for it, or move it away",
                .conflict
            )
        }
        // Not before: an initializer that throws when all is set ends in `deinit`, which would remove what
        // another process writes.
        descriptor = opened
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        if !isPublished { unlink(draft) }
        close(descriptor)
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        do throws(OutputFailure) {
            try OutputFile(descriptor: descriptor, name: path).write(bytes[...])
        } catch {
            throw CommandFailure("\(error)")
        }
        size += bytes.count
    }

    func publish() throws(CommandFailure) {
        guard fsync(descriptor) == 0 else { throw Self.unwritable(path) }
        try name()
        isPublished = true
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    /// Lets the lock of the file last beyond this object, until the caller closes the descriptor that it gets.
    /// Nil where the process may open no more files.
    func takeLock() -> Int32? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : copy
    }

    private func name() throws(CommandFailure) {
        // Unlike rename, link never replaces a file that was put there meanwhile. Not every file system has it.
        if !mayReplace {
            if link(draft, target) == 0 {
                unlink(draft)
                return
            }
            guard errno != EEXIST else { throw Self.exists(path) }
        }
        guard rename(draft, target) == 0 else { throw Self.unwritable(path) }
    }
}

// What may be in the way.
extension DraftFile {
    private static func end(ofLinksFrom path: String) throws(CommandFailure) -> String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        guard let resolved = realpath(path, nil) else {
            throw CommandFailure("\(path) is a link that leads nowhere; remove it")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// A pipe or a device is not replaced by a file, whatever its user wants.
    private static func refuseOther(
        at target: String,
        _ path: String,
        _ mayReplace: Bool
    ) throws(CommandFailure) {
        var status = stat()
        guard lstat(target, &status) == 0 else { return }
        guard mayReplace else { throw exists(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("\(path) is not a regular file; choose another name", .conflict)
        }
    }

    /// Of a process that was killed: one that runs holds the lock.
    private static func removeLeftover(_ draft: String) {
        let left = open(draft, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard left >= 0 else { return }
        defer { close(left) }
        var status = stat()
        guard fstat(left, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == geteuid()
        else { return }
        if flock(left, LOCK_EX | LOCK_NB) == 0 { unlink(draft) }
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(
            "\(path) exists; choose another name, or replace it with --force",
            .conflict
        )
    }

    private static func unwritable(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
