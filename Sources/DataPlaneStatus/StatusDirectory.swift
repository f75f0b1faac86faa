import Glibc

/// Where the processes of this machine have their status sockets: a folder that belongs to one
/// user, in which each process has `PID.sock`.
package struct StatusDirectory: Sendable {
    package let path: String
    /// The user whose folder it is.
    private let owner: uid_t

    package init(path: String) {
        self.init(path: path, owner: getuid())
    }

    private init(path: String, owner: uid_t) {
        self.path = path
        self.owner = owner
    }

    /// Where this process has its socket: `/run/wgw` for root; for others the folder that systemd made
    /// for the service, that of their login session, or one in /tmp.
    package static func ofThisUser(environment: [String: String]) -> StatusDirectory {
        let user = getuid()
        if user == 0 { return StatusDirectory(path: rootPath) }
        if let service = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first,
            service.hasPrefix("/")
        {
            return StatusDirectory(path: String(service))
        }
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            return StatusDirectory(path: runtime + "/wgw")
        }
        return StatusDirectory(path: "/tmp/wgw-\(user)")
    }

    /// Where `wgw show` looks: for root in the folders of all users, as far as they are in one of the
    /// places that `ofThisUser` names. Of /tmp, where every user may make a folder of any name, it takes the
    /// one of each user that has the user's number.
    package static func readable(environment: [String: String]) -> [StatusDirectory] {
        let own = ofThisUser(environment: environment)
        guard getuid() == 0 else { return [own] }
        let others =
            entries(of: "/run").filter { $0.hasPrefix("wgw") }.map { "/run/" + $0 }
            + entries(of: "/run/user").map { "/run/user/\($0)/wgw" }
            + entries(of: "/tmp").filter { $0.hasPrefix("wgw-") }.map { "/tmp/" + $0 }
        let found = others.filter { $0 != own.path }.sorted().lazy.compactMap(ofAnyUser)
        return [own] + Array(found.prefix(mostOthers))
    }

    /// A folder of a user that does not run wgw costs time.
    private static let mostOthers = 64

    private static let rootPath = "/run/wgw"

    private static func ofAnyUser(path: String) -> StatusDirectory? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        let directory = StatusDirectory(path: path, owner: status.st_uid)
        let isOwners = !path.hasPrefix("/tmp/") || path == "/tmp/wgw-\(status.st_uid)"
        return isOwners && directory.isPrivate ? directory : nil
    }

    private static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    func socketPath(of process: Int32) -> String { "\(path)/\(process).sock" }

    /// Made if it is not there. In /tmp another user may have made it: then it is refused.
    package func prepare() throws(StatusError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw StatusError("\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        guard isPrivate else {
            throw StatusError("\(path) belongs to another user or is open to others; remove it")
        }
    }

    /// The processes that have a socket here, in the order of their numbers. Those that ended
    /// without removing theirs are left out, and their sockets removed where the folder is our own.
    func processes() -> [Int32] {
        guard isPrivate else { return [] }
        var found: [Int32] = []
        for name in Self.entries(of: path) {
            guard name.hasSuffix(".sock"), let process = Int32(name.dropLast(5)), process > 0 else {
                continue
            }
            if kill(process, 0) == 0 || errno == EPERM {
                found.append(process)
            } else {
                removeSocket(of: process)
            }
        }
        // Each that does not answer is waited for, and another user may put many here.
        return Array(found.sorted().prefix(isOurs ? .max : 16))
    }

    /// In the folder of another user, root would follow what that user makes of the path meanwhile.
    func removeSocket(of process: Int32) {
        if isOurs { unlink(socketPath(of: process)) }
    }

    var isOurs: Bool { owner == getuid() }

    private var isPrivate: Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == owner
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
