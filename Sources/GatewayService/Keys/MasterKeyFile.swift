import Glibc
import WireGuardCrypto

/// The file that holds the master key as one line of base64, for its owner's eyes only.
enum MasterKeyFile {
    /// Nil when there is no such file.
    static func read(_ path: String) throws(MasterKeyError) -> SecretKey? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .unreadable(path: path) }
            return nil
        }
        defer { close(descriptor) }
        // Larger than any good file, so that a longer one is not taken for a good one.
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw .unreadable(path: path) }
        var text = String(decoding: bytes.prefix(count), as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        guard let secret = SecretKey(base64: text) else { throw .malformedFile(path: path) }
        return secret
    }

    /// A complete file appears at once or not at all: it is written under another name, synced, and
    /// linked. A half-written key after a crash would lock the installation out of itself.
    static func create(_ path: String) throws(MasterKeyError) -> SecretKey {
        let secret = SecretKey(filledBy: fillRandomly)
        let draft = path + ".new"
        // Left over when a first start died in the middle; nothing was sealed with it.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        let line = [UInt8]((secret.base64 + "\n").utf8)
        let isWritten =
            write(descriptor, line, line.count) == line.count
            && fsync(descriptor) == 0
        close(descriptor)
        // Unlike rename, link never replaces a key that somebody put there meanwhile.
        let isLinked = isWritten && link(draft, path) == 0
        unlink(draft)
        guard isLinked, syncDirectory(of: path) else { throw .unwritable(path: path) }
        return secret
    }

    private static func syncDirectory(of path: String) -> Bool {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
