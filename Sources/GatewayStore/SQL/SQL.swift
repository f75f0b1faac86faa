/// A statement in which every interpolated value is a binding, so that an injection cannot be
/// written. Where the two engines do not take one text, a part of it is spelled for each (`spelled`).
package struct SQL: Sendable {
    package enum Dialect: Sendable {
        case sqlite, postgreSQL
    }

    /// One more than there are values: the text before, between and behind them, for SQLite.
    private var pieces: [String]
    /// The same for PostgreSQL; nil where no part is spelled differently.
    private var postgreSQLPieces: [String]?
    package private(set) var values: [SQLValue]
    /// Whether the driver keeps the prepared statement for the next time. Filters make too many texts for that.
    package private(set) var isKept = true

    /// The text that an engine takes, with its placeholders: `?1` or `$1`.
    package func text(for dialect: Dialect) -> String {
        let pieces: [String]
        let sign: String
        switch dialect {
        case .sqlite: (pieces, sign) = (self.pieces, "?")
        case .postgreSQL: (pieces, sign) = (postgreSQLPieces ?? self.pieces, "$")
        }
        guard var text = pieces.first else { return "" }
        text.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 4 })
        for number in 1..<pieces.count {
            text += sign
            text += String(number)
            text += pieces[number]
        }
        return text
    }

    /// A part that each engine spells in its own way.
    package static func spelled(sqlite: StaticString, postgreSQL: StaticString) -> SQL {
        var sql = SQL(stringLiteral: sqlite.description)
        sql.postgreSQLPieces = [postgreSQL.description]
        return sql
    }

    /// Values as they are stored, with commas between them.
    static func bindings(_ values: [SQLValue]) -> SQL {
        var sql: SQL = ""
        sql.pieces = (0...values.count).map { $0 == 0 || $0 == values.count ? "" : ", " }
        sql.values = values
        return sql
    }

    /// Names of the schema, with commas between them.
    static func names(_ names: [String]) -> SQL {
        SQL(stringLiteral: names.joined(separator: ", "))
    }

    package mutating func append(_ other: SQL) {
        if postgreSQLPieces != nil || other.postgreSQLPieces != nil {
            var pieces = postgreSQLPieces ?? pieces
            Self.append(other.postgreSQLPieces ?? other.pieces, to: &pieces)
            postgreSQLPieces = pieces
        }
        Self.append(other.pieces, to: &pieces)
        values += other.values
        isKept = isKept && other.isKept
    }

    private static func append(_ others: [String], to pieces: inout [String]) {
        pieces[pieces.count - 1] += others.first ?? ""
        pieces += others.dropFirst()
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
            sql.postgreSQLPieces?.append("")
            sql.values.append(value)
        }
    }
}
