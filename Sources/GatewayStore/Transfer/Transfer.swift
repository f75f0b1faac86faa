/// Brings what one database holds into another one that is empty, on the same engine or the other, and compares the
/// two before anything is stored.
///
/// Both are used by the one thread that calls: the source in one snapshot, the target in one transaction. A stretch
/// of rows is in memory at a time.
package struct Transfer {
    /// How many rows of a table the target has got.
    package struct Count: Equatable, Sendable {
        package let table: String
        package let rows: Int
    }

    /// How much of a database goes along.
    package enum Extent: Sendable {
        case everything
        /// Without what no copy is to have that is kept.
        case lasting
    }

    /// Called before each stretch of rows, with the table's name and the number of its rows that are done.
    package typealias Progress = (_ table: String, _ rows: Int) throws -> Void

    /// Few enough for the bindings of one statement: 65 535 of PostgreSQL, 32 766 of SQLite.
    private static let stretch = 500

    private let from: any SQLConnection
    private let to: any SQLConnection
    private let progress: Progress

    /// - Parameters:
    ///   - from: in a snapshot.
    ///   - to: in a transaction, which is to be rolled back where this throws.
    /// - Returns: the tables that are not empty.
    static func run(
        from: any SQLConnection,
        to: any SQLConnection,
        _ extent: Extent,
        _ progress: @escaping Progress
    ) throws -> [Count] {
        let transfer = Transfer(from: from, to: to, progress: progress)
        let tables = TransferredTable.all.filter { table in
            extent == .everything || !TransferredTable.shortLived.contains(table.name)
        }
        for table in TransferredTable.all {
            guard try table.isEmpty(to) else { throw TransferFailure.notEmpty(table: table.name) }
        }
        var counts: [Count] = []
        for table in tables {
            let count = Count(table: table.name, rows: try transfer.copy(table))
            if count.rows > 0 { counts.append(count) }
        }
        try transfer.copyPosition()
        for table in tables { try transfer.compare(table) }
        return counts
    }

    /// - Returns: the number of rows.
    private func copy(_ table: TransferredTable) throws -> Int {
        var (count, last): (Int, [SQLValue]?) = (0, nil)
        while true {
            try progress(table.name, count)
            let rows = try table.page(nil, behind: last, count: Self.stretch, from)
            guard let end = rows.last else { return count }
            try insert(rows, into: table)
            count += rows.count
            last = end.values(of: table.key)
        }
    }

    /// Revisions go on where they were.
    private func copyPosition() throws {
        let position: Int64 =
            try from.row("SELECT revision FROM journal_position")?.value("revision") ?? 0
        try to.execute("UPDATE journal_position SET revision = \(position)")
    }

    /// All in one statement, or where that is refused one by one, to find out which row it is.
    private func insert(_ rows: [Row], into table: TransferredTable) throws {
        guard let columns = rows.first?.names else { return }
        var statement: SQL = """
            INSERT INTO \(SQL.names([table.name])) (\(SQL.names(columns))) VALUES
            """
        for (index, row) in rows.enumerated() {
            statement.append(index == 0 ? " (" : ", (")
            statement.append(.bindings(row.values))
            statement.append(")")
        }
        try to.execute("SAVEPOINT stretch")
        do {
            try to.execute(statement.notKept)
        } catch {
            guard let reason = Self.refusal(error) else { throw error }
            try to.execute("ROLLBACK TO SAVEPOINT stretch")
            guard rows.count > 1 else {
                let id = rows[0].id(table)
                throw TransferFailure.refused(table: table.name, id: id, reason: reason)
            }
            for row in rows { try insert([row], into: table) }
        }
        try to.execute("RELEASE SAVEPOINT stretch")
    }

    /// Nil for an error that is not about the row.
    private static func refusal(_ error: StoreError) -> String? {
        switch error {
        case .violated, .failed, .databaseFailed: error.description
        default: nil
        }
    }

    private func compare(_ table: TransferredTable) throws {
        var (count, last): (Int, [SQLValue]?) = (0, nil)
        while true {
            try progress(table.name, count)
            let expected = try table.page(nil, behind: last, count: Self.stretch, from)
            let columns = expected.first?.names
            let found = try table.page(columns, behind: last, count: Self.stretch, to)
            for index in 0..<max(expected.count, found.count) {
                let pair = (expected[safe: index], found[safe: index])
                guard let one = pair.0, let other = pair.1, one.values == other.values else {
                    let id = (pair.0 ?? pair.1)?.id(table) ?? "?"
                    throw TransferFailure.differs(table: table.name, id: id)
                }
            }
            guard let end = expected.last else { return }
            count += expected.count
            last = end.values(of: table.key)
        }
    }
}

extension Row {
    fileprivate func values(of columns: [String]) -> [SQLValue] {
        columns.map { stored($0) ?? .null }
    }

    /// For telling people which row it is.
    fileprivate func id(_ table: TransferredTable) -> String {
        values(of: table.key).map(\.shown).joined(separator: " ")
    }
}

extension SQLValue {
    fileprivate var shown: String {
        switch self {
        case .null: "?"
        case .integer(let number): "\(number)"
        case .text(let text): String(text.prefix(80))
        case .bytes(let bytes):
            bytes.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
