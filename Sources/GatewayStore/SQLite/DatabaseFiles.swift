import Glibc

/// The files of a database that was opened, to be told from others that take their places later.
struct DatabaseFiles: Sendable {
    /// Less than this, and whether a change fits has to be tried.
    private static let scantBytes: UInt64 = 65_536

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    private let path: String
    private let opened: [Identity?]

    /// Called while the database is open, when SQLite has made its log.
    init(path: String) {
        self.path = path
        opened = Self.identities(path)
    }

    /// Whether the paths still lead to what is open. Two system calls of a microsecond.
    var areInPlace: Bool { Self.identities(path) == opened }

    var areShortOfSpace: Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return true }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < Self.scantBytes
    }

    /// 0 where there is no log.
    var logBytes: Int { Self.size(of: path + "-wal") }

    /// 0 where there is no file.
    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private static func identities(_ path: String) -> [Identity?] {
        [path, path + "-wal"].map(identity)
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: status.st_dev, inode: status.st_ino)
    }
}
