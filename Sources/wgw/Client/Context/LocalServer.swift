import CommandLineProgram
import FoundationEssentials
import GatewayClient
import GatewayDomain
import Glibc
import JSON

/// A server of this machine, found by what it leaves in its data directory while it runs.
struct LocalServer {
    /// Where a server keeps its data when nothing else is said, started by hand.
    private static let directoryHere = "./wgw-data"
    /// The same of a service.
    private static let directoryOfService = "/var/lib/wgw"
    private static let maximumBytes = 4_096

    let directory: String
    let record: Record
    /// Of the user who wrote the record.
    private let writer: Writer

    private struct Writer {
        let user: uid_t
        let group: gid_t
    }

    /// Nil where no server runs in any of the usual directories.
    static func find(_ environment: ClientEnvironment) throws(CommandFailure) -> LocalServer? {
        if let directory = environment.dataDirectory {
            return try LocalServer(runningIn: directory)
        }
        if let server = try LocalServer(runningIn: directoryHere) { return server }
        return try LocalServer(runningIn: directoryOfService)
    }

    /// Nil where none runs there.
    private init?(runningIn directory: String) throws(CommandFailure) {
        let path = Self.path(in: directory)
        // The server writes a file. A link or a pipe is of another user, who may not keep a command waiting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == EACCES else { return nil }
            throw CommandFailure(
                "the server in \(directory) belongs to another user; run this command as that user, or give --url and --api-key-file",
                .denied
            )
        }
        defer { close(descriptor) }
        // In a folder that others may write to, such as /tmp, another user could have put a server of
        // their own, which would be sent a key.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            directory != Self.directoryHere || Self.isOfThisUser(status.st_uid)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0, let record = Record(Array(bytes[..<count])) else {
            throw CommandFailure("\(path) cannot be understood; start the server again")
        }
        // Of a server that was killed. Another program may listen on its port by now, and another process
        // have its number.
        guard Self.isHeld(descriptor, by: record.process) else { return nil }
        self.directory = directory
        self.record = record
        writer = Writer(user: status.st_uid, group: status.st_gid)
    }

    /// A server keeps the lock of its record for as long as it runs (`RunningServerFile`). That of the data
    /// directory is not tried: a server that starts at that moment would find it taken.
    private static func isHeld(_ descriptor: Int32, by process: pid_t) -> Bool {
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            flock(descriptor, LOCK_UN)
            return false
        }
        // A file system may have no locks.
        return errno == EWOULDBLOCK || kill(process, 0) == 0 || errno == EPERM
    }

    private static func isOfThisUser(_ user: uid_t) -> Bool { [geteuid(), 0].contains(user) }

    /// Nil where this user may not read it, where it is not in a file, and where the user who wrote the
    /// record may not read the file either: a record could have this user send any secret of theirs.
    var apiKey: String? {
        guard let apiKeyFile = record.apiKeyFile else { return nil }
        let descriptor = open(apiKeyFile, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            writerMayRead(status)
        else { return nil }
        // The same file, whatever the path leads to by now.
        return try? APIKeyText.inFile("/proc/self/fd/\(descriptor)", named: directory)
    }

    private func writerMayRead(_ file: stat) -> Bool {
        Self.isOfThisUser(writer.user) || file.st_uid == writer.user
            || (file.st_gid == writer.group && file.st_mode & S_IRGRP != 0)
            || file.st_mode & S_IROTH != 0
    }

    var keyAdvice: String {
        guard let apiKeyFile = record.apiKeyFile else {
            return "give the key that the server was started with as WGW_API_KEY"
        }
        return
            "\(apiKeyFile) has one, which either this user or the server's may not read: run this command as its owner, or set WGW_API_KEY"
    }

    /// Whether commands look there without being told.
    static func isFoundByItself(_ directory: String) -> Bool {
        usualDirectories.contains(directory)
    }

    static var usualDirectories: [String] { [directoryHere, directoryOfService] }

    static func path(in directory: String) -> String { directory + "/server.json" }
}

extension LocalServer {
    /// What a running server says about itself.
    struct Record {
        let url: ServerURL
        /// Nil for plain HTTP.
        let fingerprint: CertificateFingerprint?
        /// The file with its key: the one that was made at the first start, or the one that the operator
        /// named. Nil where the key is in no file.
        let apiKeyFile: String?
        let process: pid_t

        init(url: ServerURL, fingerprint: CertificateFingerprint?, apiKeyFile: String?) {
            self.url = url
            self.fingerprint = fingerprint
            self.apiKeyFile = apiKeyFile
            process = getpid()
        }
    }
}

// In the file. The process that reads it may be of another version than the one that wrote it.
extension LocalServer.Record {
    fileprivate init?(_ bytes: [UInt8]) {
        guard case .object(let object)? = try? JSONParser.parse(bytes),
            case .string(let urlText)? = object["url"], let url = ServerURL(urlText),
            case .integer(let process)? = object["process"]
        else { return nil }
        func text(_ member: String) -> String? {
            guard case .string(let text)? = object[member] else { return nil }
            return text
        }
        self.url = url
        fingerprint = text("fingerprint").flatMap(CertificateFingerprint.init)
        apiKeyFile = text("api_key_file")
        self.process = pid_t(truncatingIfNeeded: process)
    }

    var json: JSONValue {
        var object = JSONObject()
        object.add("url", .string(url.text))
        if let fingerprint { object.add("fingerprint", .string("\(fingerprint)")) }
        if let apiKeyFile { object.add("api_key_file", .string(apiKeyFile)) }
        object.add("process", .integer(Int(process)))
        return .object(object)
    }
}
