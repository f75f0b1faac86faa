/// One row of an answer.
package struct Row: Sendable {
    private let columns: [String: Int]
    private let values: [SQLValue]

    /// All rows of one answer share `columns`: where each column stands.
    package init(columns: [String: Int], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    package func value<Value: SQLColumn>(_ column: String) throws(StoreError) -> Value {
        guard let value: Value = try optional(column) else {
            throw .unreadableColumn(column)
        }
        return value
    }

    package func optional<Value: SQLColumn>(_ column: String) throws(StoreError) -> Value? {
        guard let index = columns[column] else { throw .unreadableColumn(column) }
        let stored = values[index]
        guard stored != .null else { return nil }
        guard let value = Value(sqlValue: stored) else { throw .unreadableColumn(column) }
        return value
    }

    /// Whatever stands there, to name the row to people.
    package func text(_ column: String) -> String {
        switch columns[column].map({ values[$0] }) {
        case .integer(let number): "\(number)"
        case .text(let text): String(text.prefix(80))
        case .bytes, .null, nil: "?"
        }
    }
}
