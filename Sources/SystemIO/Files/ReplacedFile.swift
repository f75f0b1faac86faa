import Glibc

/// A file for its owner alone that is replaced as a whole: a reader finds the old bytes or the new ones.
package struct ReplacedFile: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    /// Nil where the file does not exist.
    package func read(atMost limit: Int) throws(SmallFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(errno) }
            return nil
        }
        defer { close(descriptor) }
        return try SmallFile.read(descriptor, atMost: limit)
    }

    /// - Parameter isDurable: whether the bytes have to be on disk when this returns, so that the power may go.
    package func write(_ bytes: [UInt8], isDurable: Bool) throws(SmallFileError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system(errno) }
        let failure = Self.fill(descriptor, with: bytes, isDurable: isDurable)
        close(descriptor)
        if let failure {
            unlink(draft)
            throw .system(failure)
        }
        guard rename(draft, path) == 0 else {
            let number = errno
            unlink(draft)
            throw .system(number)
        }
        if isDurable { syncFolder() }
    }

    package func remove() { unlink(path) }

    /// Nil where all went well.
    private static func fill(_ descriptor: Int32, with bytes: [UInt8], isDurable: Bool) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            rest = rest.dropFirst(count)
        }
        return isDurable && fsync(descriptor) != 0 ? errno : nil
    }

    private func syncFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
