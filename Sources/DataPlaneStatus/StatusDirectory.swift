import Glibc

/// Where the processes of this machine have their status sockets: a folder that belongs to one
/// user, in which each process has `PID.sock`.
package struct StatusDirectory: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// `/run/wgw` for root; for others the folder of their login session, or one in /tmp.
    package static func ofThisUser(environment: [String: String]) -> StatusDirectory {
        let user = getuid()
        if user == 0 { return StatusDirectory(path: "/run/wgw") }
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            return StatusDirectory(path: runtime + "/wgw")
        }
        return StatusDirectory(path: "/tmp/wgw-\(user)")
    }

    func socketPath(of process: Int32) -> String { "\(path)/\(process).sock" }

    /// Made if it is not there. In /tmp another user may have made it: then it is refused.
    package func prepare() throws(StatusError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StatusError("\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        guard isOurs else {
            throw StatusError("\(path) belongs to another user or is open to others; remove it")
        }
    }

    /// The processes that have a socket here, in the order of their numbers. Those that ended
    /// without removing theirs are left out, and their sockets removed.
    func processes() -> [Int32] {
        guard isOurs, let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var found: [Int32] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".sock"), let process = Int32(name.dropLast(5)), process > 0 else {
                continue
            }
            if kill(process, 0) == 0 || errno == EPERM {
                found.append(process)
            } else {
                unlink(socketPath(of: process))
            }
        }
        return found.sorted()
    }

    private var isOurs: Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == getuid()
            && status.st_mode & 0o077 == 0
    }
}

/// Why the status cannot be shown: one sentence that says what to do.
package struct StatusError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
