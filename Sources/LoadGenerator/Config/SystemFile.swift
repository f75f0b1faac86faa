import Glibc

/// Whole files, read and written with the system's calls alone.
enum SystemFile {
    static func message(of errno: Int32) -> String { String(cString: strerror(errno)) }

    /// Complete and readable for its owner only, or as it was before.
    static func write(_ text: String, to path: String) throws(LoadProblem) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LoadProblem("\(path) cannot be written: \(message(of: errno))")
        }
        var text = text
        let isWritten = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
        let failure = errno
        guard close(descriptor) == 0, isWritten, rename(draft, path) == 0 else {
            unlink(draft)
            throw LoadProblem("\(path) cannot be written: \(message(of: failure))")
        }
    }

    /// Nil when it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { return nil }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    static func makeDirectory(_ path: String) throws(LoadProblem) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw LoadProblem("the directory \(path) cannot be made: \(message(of: errno))")
    }
}
