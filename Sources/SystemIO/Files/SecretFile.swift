package import Glibc

/// A secret that is kept as one line in a file of its own, for its owner's eyes only.
package struct SecretFile: Sendable {
    /// More than any secret has, so that a longer file is not taken for a good one.
    private static let longest = 4_096

    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var exists: Bool { access(path, F_OK) == 0 }

    /// Without the end of the line. Nil when there is no such file.
    package func read() throws(SecretFileError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .unreadable(path: path) }
            return nil
        }
        defer { close(descriptor) }
        guard var bytes = try? SmallFile.read(descriptor, atMost: Self.longest) else {
            throw .unreadable(path: path)
        }
        defer { bytes.wipe() }
        var text = String(decoding: bytes, as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// A complete file appears at once or not at all, and never in the place of another: it is written
    /// under another name, synced, and linked. It is on disk when this returns.
    ///
    /// - Parameter owner: whose file it becomes, for root; nil for the user of this process. It is his before it has its
    ///   name, behind which he may put another file in a directory of his.
    package func create(
        _ secret: String,
        for owner: (user: uid_t, group: gid_t)? = nil
    ) throws(SecretFileError) {
        let draft = path + ".new"
        // Left over when a first start died in the middle; nothing depends on it.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        let line = [UInt8]((secret + "\n").utf8)
        let isWritten =
            write(descriptor, line, line.count) == line.count
            && (owner.map { fchown(descriptor, $0.user, $0.group) == 0 } ?? true)
            && fsync(descriptor) == 0
        close(descriptor)
        // Unlike rename, link never replaces a file that was put there meanwhile.
        let isLinked = isWritten && link(draft, path) == 0
        unlink(draft)
        guard isLinked, syncDirectory() else { throw .unwritable(path: path) }
    }

    private func syncDirectory() -> Bool {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}

package enum SecretFileError: Error, Equatable, Sendable {
    case unreadable(path: String)
    case unwritable(path: String)
}

extension SecretFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path):
            "cannot read \(path); make it readable for this user"
        case .unwritable(let path):
            "cannot write \(path); make its directory writable for this user, and its disk not full"
        }
    }
}
