import GRDB
import GatewayDomain

/// What a transfer fills.
package enum TransferTarget: Sendable {
    /// An empty file, which becomes a database that is complete in it.
    case file(String)
    /// A database without tables, or in which nothing was stored yet.
    case postgreSQL(url: String)

    /// Runs the body in one transaction, on a database with this program's schema.
    func fill<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        switch self {
        case .file(let path): try Self.fill(path, body)
        case .postgreSQL(let url): try Self.fill(url: url, body)
        }
    }

    private static func fill<Value>(
        _ path: String,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        do {
            let queue = try DatabaseQueue(path: path)
            var value: Value?
            try queue.inDatabase { database in
                let db = SQLiteConnection(database: database, damage: DamagedRows())
                try SQLiteDatabase.migrate(database, Migrations.all, db.damage)
                try database.inTransaction(.immediate) {
                    // The node inside of the server, which the next start makes where none came.
                    try database.execute(sql: "DELETE FROM node")
                    value = try body(db)
                    return .commit
                }
            }
            try queue.close()
            guard let value else { preconditionFailure("the body of a transaction has run") }
            return value
        } catch let error as DatabaseError {
            let (code, message) = (Int(error.extendedResultCode.rawValue), error.message ?? "")
            throw SQLiteDatabase.openingError(code: code, message: message, path: path)
        }
    }

    private static func fill<Value>(
        url: String,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let session = try PostgreSQLSession(PostgreSQLServers(url: url))
        // A database that is not empty stays as it is, its version of the schema too.
        try session.transaction("BEGIN") { db in
            let organizations = TransferredTable("organization", "id")
            guard try Migrations.tables(db).contains(organizations.name),
                try !organizations.isEmpty(db)
            else { return }
            throw TransferFailure.notEmpty(table: organizations.name)
        }
        try Migrations.runOnPostgreSQL { body throws(StoreError) in
            try session.transaction(DamagedRows(), body)
        }
        return try session.transaction("BEGIN") { db in
            try session.command(PostgreSQLWriter.limitWait)
            // A server that starts on it finds all of this, or nothing.
            try session.command(PostgreSQLWriter.lock)
            return try body(db)
        }
    }
}
