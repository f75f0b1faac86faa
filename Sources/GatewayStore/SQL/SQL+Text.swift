extension SQL {
    /// The condition that a column has another text in it, ASCII letters in upper or lower case alike.
    static func contains(_ column: SQL, _ text: String) -> SQL {
        like(column, "%\(escaped(text))%")
    }

    static func begins(_ column: SQL, with text: String) -> SQL {
        like(column, "\(escaped(text))%")
    }

    /// The condition that the row of a table with the column `name` has exactly this name. The index of
    /// names is in the order in which lists show them, which knows no upper and lower case.
    static func isNamed(_ name: String) -> SQL {
        "\(caseless("name")) = \(caseless("\(name)")) AND name = \(name)"
    }

    private static func like(_ column: SQL, _ pattern: String) -> SQL {
        "\(column) \(spelled(sqlite: "LIKE", postgreSQL: "ILIKE")) \(pattern) ESCAPE '\\'"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            if "%_\\".unicodeScalars.contains(character) { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(character)
        }
        return escaped
    }
}
