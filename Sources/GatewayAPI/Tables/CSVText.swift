import JSON

/// Lines of RFC 4180. A spreadsheet would run a cell that begins like a formula: such a cell gets an apostrophe
/// in front.
enum CSVText {
    static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// Some members of an object. A list stands in one cell, with spaces between its elements.
    static func cells(_ object: JSONValue, _ members: [String]) -> [String] {
        guard case .object(let object) = object else { return [] }
        return members.map { text(object[$0] ?? .null) }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null, .object: ""
        case .bool(let value): "\(value)"
        case .integer(let number): "\(number)"
        case .number(let text), .string(let text), .encoded(let text): text
        case .array(let elements): elements.map(text).joined(separator: " ")
        }
    }

    private static func cell(_ text: String) -> String {
        // By scalars: a character may be a sign with marks on it, or both ends of a line.
        let scalars = text.unicodeScalars
        let isFormula = scalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let harmless = isFormula ? "'" + text : text
        guard scalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return harmless
        }
        return "\"" + harmless.replacing("\"", with: "\"\"") + "\""
    }
}
