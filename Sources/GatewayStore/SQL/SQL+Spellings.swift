/// What the two engines spell differently, by name. Every other text of the tables is one that both take.
extension SQL {
    /// The function that answers the largest of its arguments, none of which may be NULL: SQLite answers
    /// NULL then, and PostgreSQL the largest of the others.
    static let greatest = spelled(sqlite: "max", postgreSQL: "greatest")
    static let least = spelled(sqlite: "min", postgreSQL: "least")

    /// An aggregate with a second argument, which stands between the texts.
    static let joinedText = spelled(sqlite: "group_concat", postgreSQL: "string_agg")

    /// A join for which SQLite goes through the rows of the first table. It does not know which of the two
    /// is small, as PostgreSQL does by its statistics.
    static let joinInThisOrder = spelled(sqlite: "CROSS JOIN", postgreSQL: "JOIN")

    /// The condition that a column holds a number. A file of SQLite may hold something else when it is
    /// damaged; a column of PostgreSQL cannot.
    static func isNumber(_ column: SQL) -> SQL {
        let begin = spelled(sqlite: "typeof(", postgreSQL: "(")
        let end = spelled(sqlite: ") = 'integer'", postgreSQL: ") IS NOT NULL")
        return "\(begin)\(column)\(end)"
    }

    /// The condition that two values are not the same, where NULL is a value like others.
    static func differ(_ one: SQL, _ other: SQL) -> SQL {
        "\(one) \(spelled(sqlite: "IS NOT", postgreSQL: "IS DISTINCT FROM")) \(other)"
    }

    /// A text for comparing and sorting, in which ASCII letters in upper and lower case are alike.
    static func caseless(_ text: SQL) -> SQL {
        let begin = spelled(sqlite: "", postgreSQL: "lower(")
        let end = spelled(sqlite: " COLLATE NOCASE", postgreSQL: " COLLATE \"C\")")
        return "\(begin)\(text)\(end)"
    }

    /// The condition that a text begins like another one, or is in it, with upper and lower case as they are.
    static func holds(_ text: SQL, _ part: some SQLColumn) -> SQL {
        "\(spelled(sqlite: "instr", postgreSQL: "strpos"))(\(text), \(part)) > 0"
    }

    /// An IPv4 address as people write it.
    static func dotted(_ address: SQL) -> SQL {
        let begin = spelled(sqlite: "printf('%d.%d.%d.%d'", postgreSQL: "format('%s.%s.%s.%s'")
        return """
            \(begin), \(address) >> 24, \(address) >> 16 & 255, \(address) >> 8 & 255, \(address) & 255)
            """
    }
}
