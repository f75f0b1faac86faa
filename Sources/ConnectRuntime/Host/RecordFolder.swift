import Glibc
import SystemIO

/// Where connections are recorded: one file for each device, in a folder that a reboot clears with all that
/// they tell of. Network namespaces may share the folder, and have devices and rules of their own.
package struct RecordFolder: Sendable {
    private let path: String
    private let ending: String
    fileprivate static let maximumBytes = 65_536

    /// - Parameter namespace: the number of the network namespace; this thread's where none is given.
    package init(_ path: String, namespace: UInt64? = nil) {
        self.path = path
        ending = "@\(namespace ?? Self.ownNamespace).connection"
    }

    private static var ownNamespace: UInt64 {
        var status = stat()
        return stat("/proc/thread-self/ns/net", &status) == 0 ? UInt64(status.st_ino) : 0
    }

    /// The record of a device, for this process alone until its lock is given back.
    func take(_ device: String) throws(ConnectError) -> LockedRecord {
        mkdir(path, 0o700)
        let file = path + "/" + device + ending
        guard let lock = lock(file, O_CREAT) else {
            let process = record(at: file).map { ", which process \($0.process) uses" } ?? ""
            throw ConnectError(
                errno == EWOULDBLOCK
                    ? "\(device) is connected already\(process): stop that one first"
                    : "\(file) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
        return LockedRecord(file: file, lock: lock)
    }

    /// The records of processes that were killed; each is locked.
    func leftovers() -> [(record: ConnectionRecord, lock: LockedRecord)] {
        files.compactMap { file in
            guard let lock = lock(file, 0) else { return nil }
            let locked = LockedRecord(file: file, lock: lock)
            guard let record = record(at: file) else {
                locked.remove()
                return nil
            }
            return (record, locked)
        }
    }

    /// Has the body choose a mark and write it down, while no other process does that.
    ///
    /// - Parameter body: is given the marks of all connections that are recorded.
    func choosingMark(
        _ body: (_ taken: Set<UInt32>) throws -> UInt32
    ) throws -> UInt32 {
        let file = path + "/marks.lock"
        let descriptor = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT, 0o600)
        guard descriptor >= 0 else {
            throw ConnectError("\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
        // With its lock, which is held for some milliseconds.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        return try body(Set(files.compactMap { record(at: $0)?.mark }))
    }

    /// The paths of all records.
    private var files: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var files: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(ending) { files.append(path + "/" + name) }
        }
        return files
    }

    private func record(at file: String) -> ConnectionRecord? {
        guard let bytes = try? SmallFile.read(file, atMost: Self.maximumBytes) else { return nil }
        return ConnectionRecord(String(decoding: bytes, as: UTF8.self))
    }

    /// Nil, and `errno`, where another process has it.
    private func lock(_ file: String, _ flags: Int32) -> Int32? {
        let descriptor = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
        guard descriptor >= 0 else { return nil }
        var (own, named) = (stat(), stat())
        // The file may have been removed between the two calls.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &own) == 0,
            stat(file, &named) == 0, own.st_ino == named.st_ino
        else {
            let reason = errno
            close(descriptor)
            errno = reason
            return nil
        }
        return descriptor
    }
}

/// A record that this process alone may write.
final class LockedRecord: Sendable {
    private let file: String
    private let lock: Int32

    init(file: String, lock: Int32) {
        self.file = file
        self.lock = lock
    }

    deinit { close(lock) }

    /// Before what it tells of is done. The old text is overwritten before the rest of it is cut off: a process that is
    /// killed between the two leaves no empty record.
    func write(_ record: ConnectionRecord) throws(ConnectError) {
        let text = Array(record.text.utf8)
        guard pwrite(lock, text, text.count, 0) == text.count, ftruncate(lock, text.count) == 0
        else {
            throw ConnectError("\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    func read() -> ConnectionRecord? {
        lseek(lock, 0, SEEK_SET)
        guard let bytes = try? SmallFile.read(lock, atMost: RecordFolder.maximumBytes) else {
            return nil
        }
        return ConnectionRecord(String(decoding: bytes, as: UTF8.self))
    }

    func remove() { unlink(file) }
}
