import Glibc

/// Whole files, read and written with the system's calls alone.
enum SystemFile {
    static func message(of errno: Int32) -> String { String(cString: strerror(errno)) }

    /// Both complete and readable for their owner only, or as they were before.
    static func write(_ files: [(path: String, text: String)]) throws(LoadError) {
        let drafts = files.map { $0.path + ".new" }
        do throws(LoadError) {
            for (draft, file) in zip(drafts, files) { try writeDraft(draft, of: file) }
            // What cannot be replaced is known before anything is.
            for file in files where isDirectory(file.path) {
                throw LoadError("\(file.path) cannot be written: \(message(of: EISDIR))")
            }
            for (draft, file) in zip(drafts, files) where rename(draft, file.path) != 0 {
                throw LoadError("\(file.path) cannot be written: \(message(of: errno))")
            }
        } catch {
            for draft in drafts { unlink(draft) }
            throw error
        }
    }

    private static func writeDraft(
        _ draft: String,
        of file: (path: String, text: String)
    ) throws(LoadError) {
        // One of another run may have another mode.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        var failure = descriptor < 0 ? errno : 0
        if descriptor >= 0 {
            failure = write(file.text, to: descriptor)
            if close(descriptor) != 0, failure == 0 { failure = errno }
        }
        guard failure == 0 else {
            throw LoadError("\(file.path) cannot be written: \(message(of: failure))")
        }
    }

    /// Returns an error number, or zero.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : EIO }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Nil when it cannot be read; `errno` says why.
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

    static func makeDirectory(_ path: String) throws(LoadError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw LoadError("the directory \(path) cannot be made: \(message(of: errno))")
    }
}
