import Glibc

/// The files in which Linux tells of itself; tests bring their own folder.
struct SystemFiles: Sendable {
    /// In front of `/proc`.
    var root = ""

    /// The longest file that is read: a table of some ten thousand sockets.
    private static let maximumBytes = 4 << 20

    /// Nil where the file is missing, or not for this user to read.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < Self.maximumBytes {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
    }

    /// The names in a folder; empty where it cannot be read.
    func names(in path: String) -> [String] {
        guard let folder = opendir(root + path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return names
    }

    /// Where a symbolic link leads; nil where there is none that this user may read.
    func target(of path: String) -> String? {
        var text = [CChar](repeating: 0, count: 256)
        let count = readlink(root + path, &text, text.count)
        guard count > 0 else { return nil }
        return String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
