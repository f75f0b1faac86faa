import CommandLineProgram
import Glibc

/// A file for a config, which did not exist before and which only its owner may read.
final class NewConfigFile {
    let path: String
    private let descriptor: Int32

    /// Makes the file, empty, so that a place that cannot be written is found out before a key is made.
    init(_ path: String) throws(CommandFailure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else {
                throw CommandFailure(
                    "\(path) cannot be written: \(String(cString: strerror(errno)))"
                )
            }
            throw CommandFailure(
                "\(path) is there already; move it away or name another",
                .conflict
            )
        }
        self.path = path
    }

    deinit { close(descriptor) }

    func write(_ text: String) throws {
        try OutputFile(descriptor: descriptor, name: path).write(text)
        guard fsync(descriptor) == 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// Nothing was written to it that is of use.
    func discard() { unlink(path) }
}
