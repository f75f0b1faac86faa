import CommandLineProgram
import Foundation
import Glibc
import SystemIO

/// A file that only its owner may read, and that a program of this user reads again.
struct PrivateFile {
    let path: String
    /// In sentences: what others may not read.
    let content: String

    init(_ path: String, holding content: String) {
        self.path = path
        self.content = content
    }

    /// Nil where the file does not exist. One that other users may read or change is refused: its secret may be
    /// known to them, or be theirs.
    func read(atMost limit: Int) throws(CommandFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case EACCES: throw notThisUsers()
            case let code: throw unreadable("\(SmallFileError.system(code))")
            }
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("\(path) is not a regular file; move it away")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() || status.st_uid == 0 else {
            throw CommandFailure(
                """
                \(path) may be read by others, and holds \(content): run chmod 600 '\(path)', and \
                replace what others may have seen
                """
            )
        }
        do throws(SmallFileError) {
            return try SmallFile.read(descriptor, atMost: limit)
        } catch {
            throw unreadable("\(error)")
        }
    }

    /// Puts a complete file in the place of the one that is there, or changes nothing.
    func write(_ text: String) throws(CommandFailure) {
        let draft = try DraftFile(path, replacing: true)
        try draft.write(Array(text.utf8))
        try draft.publish()
    }

    /// The folder that the file is in, for its owner alone.
    func makeFolder() throws(CommandFailure) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure("\(folder) cannot be made; see that its place is writable")
        }
    }

    func remove() { unlink(path) }

    private func unreadable(_ reason: String) -> CommandFailure {
        CommandFailure("\(path) cannot be read: \(reason)")
    }

    /// As happens where a program runs as one user with the environment of another.
    private func notThisUsers() -> CommandFailure {
        CommandFailure(
            """
            \(path) belongs to another user; set HOME to a folder of this one, or run this command as \
            its owner
            """,
            .denied
        )
    }
}
