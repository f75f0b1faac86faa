import CommandLineProgram
import Foundation
import GatewayDomain
import Glibc

/// A file that only its owner may read, as it holds keys.
struct PrivateFile {
    let path: String

    /// Nil where there is no such file. A file that others may read or change is refused: they may have the
    /// keys by now.
    func read(atMost limit: Int) throws(CommandFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure("\(path) is not a file; move it away")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() || status.st_uid == 0 else {
            throw CommandFailure(
                "\(path) may be read by others, and has API keys: run chmod 600 '\(path)', and replace keys that others may have seen"
            )
        }
        guard status.st_size <= limit else { throw CommandFailure("\(path) is too long") }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count <= limit {
            let length = bytes[count...].withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else {
                throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            if length == 0 { break }
            count += length
        }
        return Array(bytes.prefix(count))
    }

    /// Puts a complete file in the place of the one that is there, or changes nothing.
    func write(_ text: String) throws(CommandFailure) {
        let draft = "\(path).\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable() }
        do throws(OutputFailure) {
            try OutputFile(descriptor: descriptor, name: draft).write(text)
        } catch {
            close(descriptor)
            unlink(draft)
            throw CommandFailure("\(error)")
        }
        let isSynced = fsync(descriptor) == 0
        close(descriptor)
        guard isSynced, rename(draft, path) == 0 else {
            let failure = unwritable()
            unlink(draft)
            throw failure
        }
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

    private func unwritable() -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
