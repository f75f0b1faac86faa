import Glibc

/// The identities of the database's files when they were opened: tells later whether their paths still
/// lead to them.
struct DatabaseFiles: Sendable {
    /// With less free space than this, only a probe can tell whether a change fits.
    private static let scantBytes: UInt64 = 65_536

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    private let path: String
    private let opened: [Identity?]

    /// To be made while the database is open, when SQLite has made its log.
    init(path: String) {
        self.path = path
        opened = Self.identities(path)
    }

    /// Whether the paths still lead to what is open. Two system calls of a microsecond.
    var areInPlace: Bool { Self.identities(path) == opened }

    var areShortOfSpace: Bool { (Self.freeBytes(at: path) ?? 0) < Self.scantBytes }

    /// Nil where that cannot be told.
    static func freeBytes(at path: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// 0 where there is no log.
    var logBytes: Int { Self.size(of: path + "-wal") }

    /// Whether the main file is empty or begins as every SQLite database does.
    var beginsAsDatabase: Bool {
        let start = Self.start(of: path, count: 16)
        return start.isEmpty || start == Array("SQLite format 3\0".utf8)
    }

    /// Whether the log begins with a header that SQLite takes, by its checksum; it takes a log with
    /// another one for an empty log. Section 4.1 and 4.2 of SQLite's description of its file format.
    var logHasHeader: Bool {
        let header = Self.start(of: path + "-wal", count: 32)
        guard header.count == 32 else { return false }
        func word(_ index: Int, isBig: Bool) -> UInt32 {
            let bytes = header[index * 4..<index * 4 + 4]
            return (isBig ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
        }
        let magic = word(0, isBig: true)
        guard magic & ~1 == 0x377f_0682 else { return false }
        var sum: (UInt32, UInt32) = (0, 0)
        for index in stride(from: 0, to: 6, by: 2) {
            sum.0 &+= word(index, isBig: magic & 1 == 1) &+ sum.1
            sum.1 &+= word(index + 1, isBig: magic & 1 == 1) &+ sum.0
        }
        return sum == (word(6, isBig: true), word(7, isBig: true))
    }

    /// Empty where there is no file.
    private static func start(of path: String, count: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = max(read(descriptor, buffer.baseAddress, count), 0)
        }
    }

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
