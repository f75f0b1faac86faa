import FoundationEssentials
import GRDB
import GatewayDomain

/// SQLite's side of `SQLConnection`. Lives as long as the transaction that it was made for.
struct SQLiteConnection: SQLConnection {
    let database: Database
    let damage: DamagedRows

    var time: Timestamp? { nil }

    func rows(_ sql: SQL) throws(StoreError) -> [Row] {
        try translatingErrors {
            let statement = try prepared(sql)
            let columns = ColumnNames(statement.columnNames)
            let indices = 0..<CInt(statement.columnCount)
            var rows: [Row] = []
            let cursor = try GRDB.Row.fetchCursor(statement)
            // GRDB's row would make the name of each column anew to give its value.
            while try cursor.next() != nil {
                let values = indices.map {
                    Self.value(DatabaseValue(sqliteStatement: statement.sqliteStatement, index: $0))
                }
                rows.append(Row(columns: columns, values: values))
            }
            return rows
        }
    }

    func execute(_ sql: SQL) throws(StoreError) -> Int {
        try translatingErrors {
            try prepared(sql).execute()
            return database.changesCount
        }
    }

    var totalChanges: Int { database.totalChangesCount }

    func executeScript(_ text: String) throws(StoreError) {
        try translatingErrors {
            try database.execute(sql: text)
        }
    }

    private func prepared(_ sql: SQL) throws -> Statement {
        let text = sql.text(for: .sqlite)
        let statement =
            try sql.isKept
            ? database.cachedStatement(sql: text) : database.makeStatement(sql: text)
        try statement.setArguments(StatementArguments(sql.values.map(Self.databaseValue)))
        return statement
    }

    private static func databaseValue(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .string(let text): .text(text)
        case .blob(let bytes): .bytes([UInt8](bytes))
        // No column of the schema is a floating-point number: as text it is reported as unreadable.
        case .double(let number): .text(String(number))
        }
    }
}
