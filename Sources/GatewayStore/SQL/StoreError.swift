/// Why the store could not be opened or a statement could not be run.
package enum StoreError: Error, Equatable, Sendable {
    /// Names of migrations: the newest in the database, and the newest that this program has.
    case newerVersion(found: String, supported: String)
    /// The newest migration of a database that is not to be migrated now.
    case olderVersion(found: String)
    /// A table in a database that was to become one of wgw, and is none.
    case foreignTable(String)
    case unwritable(path: String)
    /// Another process has this directory open.
    case locked(path: String)
    case corrupt(path: String)
    case noRoom(path: String)
    /// A data directory without room for the copy that is made before an upgrade.
    case noRoomForUpgrade(path: String, bytes: UInt64)
    /// The database is missing or empty beside a file that only an installation has.
    case databaseMissing(path: String, trace: String)
    /// The database needs its write-ahead log, which is not there.
    case logMissing(path: String)
    /// A directory that was to be copied holds no database.
    case noDatabase(directory: String)
    /// A directory that was to become a data directory holds something.
    case notEmpty(path: String)
    /// A copy of a database whose parts do not fit together, with what was found first.
    case unsound(String)
    /// The URL of a database is none.
    case badDatabaseURL
    /// No database server could be used, with what it or the connection said.
    case unreachable(String)
    case databaseServerTooOld(version: String)
    /// The encoding that a database has in place of UTF-8.
    case databaseEncoding(String)
    /// A server that takes no changes, as a replica.
    case databaseReadOnly
    /// What the user of the URL may not do, as the server says it.
    case databaseForbidden(String)
    /// Another transaction holds what this one needs.
    case databaseBusy
    /// The server has no room, memory or connection left.
    case databaseFull
    /// More transactions wait than the server gets done.
    case overloaded
    /// The server was lost, or silent, during a commit. Whether it has carried that out, it could not be asked.
    case unconfirmed
    /// An error of PostgreSQL (its documentation, appendix A).
    case databaseFailed(state: String, message: String)
    case violated(Constraint)
    /// The journal has given its last entry the largest revision that there can be.
    case revisionsUsedUp
    case unreadableColumn(String)
    /// The object that was asked for cannot be read.
    case damaged(DamagedRow)
    /// An error of the database engine, with its message, which holds no values of the statement.
    case failed(code: Int, message: String)
}

/// A constraint of the schema, by the name that PostgreSQL would give it.
package struct Constraint: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let peerPublicKey = Constraint(rawValue: "peer_gateway_id_public_key_key")
    package static let peerAddress = Constraint(rawValue: "peer_gateway_id_address_key")
    package static let organizationName = Constraint(rawValue: "organization_name_key")
    package static let userName = Constraint(rawValue: "user_account_lookup_name_key")
    package static let internetGatewayRegion = Constraint(
        rawValue: "internet_gateway_network_id_region_code_key"
    )
    package static let privateServiceName = Constraint(rawValue: "private_service_name_key")
    package static let gatewayPort = Constraint(rawValue: "gateway_node_id_port_key")
    package static let nodeName = Constraint(rawValue: "node_name_key")
    package static let gatewaySubnet = Constraint(rawValue: "gateway_network_id_subnet_key")
    /// SQLite does not say which one.
    package static let foreignKey = Constraint(rawValue: "foreign_key")
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .newerVersion(let found, let supported):
            """
            the database was written by a newer wgw (schema \(found), this one knows up to \
            \(supported)); start that version again or restore a backup
            """
        case .olderVersion(let found):
            """
            the database was written by an older wgw (schema \(found)); start a server of this version on it \
            once, which brings it up to date
            """
        case .foreignTable(let name):
            """
            the database holds a table \(name) and none of wgw's; name an empty database, or one that \
            wgw has made
            """
        case .unwritable(let path):
            "cannot write to \(path); make it a directory that this user may write to"
        case .locked(let path):
            "another wgw is running on \(path); stop it or choose another data directory"
        case .corrupt(let path):
            "\(path) is damaged or no database of wgw; restore it from a backup"
        case .noRoom(let path):
            "cannot write to \(path): its disk is full or fails; make room and start again"
        case .noRoomForUpgrade(let path, let bytes):
            """
            \(path) has no room for the copy of the database that is kept from before the upgrade; make \
            \(bytes >> 20) MiB free, and start again
            """
        case .databaseMissing(let path, let trace):
            """
            \(path) is missing or empty beside the \(trace) of an installation; mount or restore the \
            whole data directory, or move \(trace) away to begin anew\(Self.chosen(trace))
            """
        case .logMissing(let path):
            """
            \(path)-wal is missing or damaged, and the last changes with it; restore both files \
            together, or give those changes up with: sqlite3 \(path) VACUUM
            """
        case .noDatabase(let directory):
            "there is no wgw.db in \(directory); name the server's data directory by --data-dir"
        case .notEmpty(let path):
            "\(path) is not empty; name a new data directory by --data-dir, or move this one away"
        case .unsound(let finding):
            "the database is damaged (\(finding)); take one from before the damage"
        case .badDatabaseURL:
            """
            the database's URL cannot be read; write postgres://USER@HOST:PORT/DATABASE, other characters than \
            letters and digits as in %40
            """
        case .unreachable(let said):
            "the database server cannot be used: \(said)"
        case .databaseServerTooOld(let version):
            "the database server is PostgreSQL \(version); use version 13 or newer"
        case .databaseEncoding(let encoding):
            """
            the database has the encoding \(encoding); make one with \
            CREATE DATABASE wgw ENCODING 'UTF8' TEMPLATE template0
            """
        case .databaseReadOnly:
            "the database server takes no changes; name the one that does in the database's URL"
        case .databaseForbidden(let said):
            "\(said); make the user the owner of the database: ALTER DATABASE … OWNER TO …"
        case .databaseBusy:
            "another transaction holds the database for too long; look at pg_stat_activity"
        case .databaseFull:
            "the database server has no room or no connection left; its log says of what"
        case .overloaded:
            "more transactions wait for the database server than it gets done"
        case .unconfirmed:
            "the database server has not said whether the change was stored"
        case .databaseFailed(let state, let message):
            "the database server failed: \(message) (SQLSTATE \(state))"
        case .violated(let constraint):
            "the database refused the change: \(constraint.rawValue)"
        case .revisionsUsedUp:
            "the journal has no revision left for another change"
        case .unreadableColumn(let column):
            "the database holds a value that cannot be read in column \(column)"
        case .damaged(let row):
            "the database holds a value of \(row.table) \(row.id) that cannot be read (\(row.column))"
        case .failed(let code, let message):
            "the database failed: \(message) (code \(code))"
        }
    }

    /// For an operator who has put a key of their own where the server puts those that it makes.
    private static func chosen(_ trace: String) -> String {
        switch trace {
        case "master-key": "; a master key of your own goes into WGW_MASTER_KEY"
        case Store.restoreFolder: "; to finish the restore, run wgw restore once more"
        case "api-key": "; an API key of your own goes into a file elsewhere, by --api-key-file"
        default: ""
        }
    }
}
