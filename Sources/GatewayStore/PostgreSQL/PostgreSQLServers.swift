import CPostgreSQL
import Glibc

/// Where the database is: one or several servers, of which the one that takes changes is used.
struct PostgreSQLServers: Sendable {
    /// Any server is asked for longer than this only where the URL says so.
    private static let defaults = [
        "connect_timeout": "2",
        // A server that is gone without a word is noticed by what is sent to it, in milliseconds.
        "tcp_user_timeout": "5000",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
        "application_name": "wgw",
        "target_session_attrs": "read-write",
    ]
    private static let oldestVersion: Int32 = 13_00_00

    /// A URL of libpq (postgresql.org/docs/15/libpq-connect.html, 34.1.1.2). It may hold a password.
    private let url: String

    /// - Throws: `StoreError.badDatabaseURL` for a text that libpq does not take.
    init(url: String) throws(StoreError) {
        // What libpq says of it may repeat a part of the password.
        guard Self.isURL(url), let options = PQconninfoParse(url, nil) else {
            throw .badDatabaseURL
        }
        PQconninfoFree(options)
        self.url = url
    }

    static func isURL(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Whether a URL shows a password, which then has no place among the arguments of a process.
    static func holdsPassword(_ url: String) -> Bool {
        guard let options = PQconninfoParse(url, nil) else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "password", option.pointee.val != nil { return true }
            option += 1
        }
        return false
    }

    /// Blocks until a server has answered, or none has.
    func connect() throws(StoreError) -> OpaquePointer {
        var words = Self.defaults.map { ($0.key, $0.value) }
        // What stands last counts, and the URL is taken apart in its place.
        words.append(("dbname", url))
        words.append(("client_encoding", "UTF8"))
        let keywords = words.map { strdup($0.0) }
        let values = words.map { strdup($0.1) }
        defer { (keywords + values).forEach { free($0) } }
        let handle = PQconnectdbParams(
            keywords.map { $0.map { UnsafePointer($0) } } + [nil],
            values.map { $0.map { UnsafePointer($0) } } + [nil],
            1
        )
        guard let handle else {
            throw .unreachable("memory for a connection could not be allocated")
        }
        // Nothing that the server remarks goes to standard error by itself.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do throws(StoreError) {
            try Self.check(handle)
        } catch {
            PQfinish(handle)
            throw error
        }
        return handle
    }

    private static func check(_ handle: OpaquePointer) throws(StoreError) {
        guard PQstatus(handle) == CONNECTION_OK else {
            throw StoreError(connecting: String(cString: PQerrorMessage(handle)))
        }
        let version = PQserverVersion(handle)
        guard version >= oldestVersion else {
            throw .databaseServerTooOld(version: "\(version / 1_00_00)")
        }
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) }
        guard encoding == "UTF8" else {
            throw .databaseEncoding(encoding ?? "unknown")
        }
    }
}
