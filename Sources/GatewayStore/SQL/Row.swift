/// One row of an answer.
package struct Row: Sendable {
    private let columns: ColumnNames
    let values: [SQLValue]
    /// Whether a value that cannot be read is replaced by its type's substitute.
    private var substitutes = false

    /// - Parameter columns: the names of `values`, which all rows of one answer share.
    package init(columns: ColumnNames, values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package func value<Value: SQLColumn>(_ column: String) throws(StoreError) -> Value {
        if let value: Value = try optional(column) { return value }
        guard substitutes else { throw .unreadableColumn(column) }
        return .substitute
    }

    package func optional<Value: SQLColumn>(_ column: String) throws(StoreError) -> Value? {
        guard let index = columns.index(of: column) else { throw .unreadableColumn(column) }
        let stored = values[index]
        guard stored != .null else { return nil }
        if let value = Value(sqlValue: stored) { return value }
        guard substitutes else { throw .unreadableColumn(column) }
        return nil
    }

    /// A column whose value has to be such that the rest of the program can work with it. The schema
    /// refuses others; a damaged file may hold them all the same.
    func value<Value: SQLColumn>(
        _ column: String,
        where isUsable: (Value) -> Bool
    ) throws(StoreError) -> Value {
        let value: Value = try value(column)
        if isUsable(value) { return value }
        guard substitutes else { throw .unreadableColumn(column) }
        return .substitute
    }

    /// The same row, in which each value that cannot be read is its type's substitute, or nil where
    /// the column is optional.
    var substituting: Row {
        var row = self
        row.substitutes = true
        return row
    }

    /// A further row of the same object, read as this one is.
    func sameReading(of row: Row) -> Row {
        substitutes ? row.substituting : row
    }

    /// Of the columns, in the order of `values`.
    var names: [String] { columns.names }

    /// As it is, for what is copied; nil for another column.
    func stored(_ column: String) -> SQLValue? { columns.index(of: column).map { values[$0] } }

    /// The stored value as text, which names the row in the log and in errors.
    package func text(_ column: String) -> String {
        switch stored(column) {
        case .integer(let number): "\(number)"
        case .text(let text): String(text.prefix(80))
        case .bytes, .null, nil: "?"
        }
    }
}
