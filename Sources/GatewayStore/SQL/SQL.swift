/// A statement in which every interpolated value is a binding, so that an injection cannot be
/// written. Each driver renders the placeholders in its own way.
package struct SQL: Sendable {
    /// One more than there are values: the text before, between and behind them.
    private var pieces: [String]
    package private(set) var values: [SQLValue]
    /// Whether the driver keeps the prepared statement for the next time. Filters make too many texts for that.
    package private(set) var isKept = true

    package func text(placeholder: (Int) -> String) -> String {
        var text = pieces.first ?? ""
        for (index, piece) in pieces.dropFirst().enumerated() {
            text += placeholder(index + 1) + piece
        }
        return text
    }

    package mutating func append(_ other: SQL) {
        pieces[pieces.count - 1] += other.pieces.first ?? ""
        pieces += other.pieces.dropFirst()
        values += other.values
        isKept = isKept && other.isKept
    }

    /// The same, prepared for this time only.
    package var notKept: SQL {
        var sql = self
        sql.isKept = false
        return sql
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.pieces = [text]
        self.values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            sql.append(SQL(stringLiteral: literal))
        }

        package mutating func appendInterpolation(_ value: some SQLColumn) {
            appendBinding(value.sqlValue)
        }

        package mutating func appendInterpolation(_ value: (some SQLColumn)?) {
            appendBinding(value?.sqlValue ?? .null)
        }

        /// A part of a statement, like a list of columns.
        package mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }

        private mutating func appendBinding(_ value: SQLValue) {
            sql.pieces.append("")
            sql.values.append(value)
        }
    }
}
