import JSON

/// A schema of the document as rows: a member each, with what it may be.
struct SchemaTable {
    let document: JSONValue

    /// - Parameter schema: an object, or a reference to one.
    func rows(of schema: JSONValue, prefix: String = "") -> [[String: Any]] {
        let schema = resolved(schema)
        let required = Set(schema["required"]?.elements.compactMap(\.text) ?? [])
        return (schema["properties"]?.members ?? []).flatMap { member -> [[String: Any]] in
            let name = prefix + member.name
            let row = row(name, member.value, isRequired: required.contains(member.name))
            return [row] + inner(member.value, name)
        }
    }

    func row(_ name: String, _ schema: JSONValue, isRequired: Bool) -> [String: Any] {
        [
            "name": name,
            "type": type(of: schema),
            "isRequired": isRequired,
            "about": Prose.pieces(about(schema)),
            "words": words(of: schema),
        ]
    }

    /// Where there are several choices, each says what it means.
    private func about(_ schema: JSONValue) -> String {
        let text = (schema["description"] ?? resolved(schema)["description"])?.text
        let choices = schema["anyOf"]?.elements.compactMap { $0["description"]?.text } ?? []
        return text ?? choices.joined(separator: " ")
    }

    /// The members of an object that has no name of its own, of one or of a list of them.
    private func inner(_ schema: JSONValue, _ name: String) -> [[String: Any]] {
        if schema["properties"] != nil { return rows(of: schema, prefix: name + ".") }
        if let items = schema["items"], items["properties"] != nil {
            return rows(of: items, prefix: name + "[].")
        }
        return []
    }

    private func words(of schema: JSONValue) -> [String] {
        let all = schema["enum"] ?? schema["items"]?["enum"]
        return all?.elements.compactMap(\.text) ?? []
    }

    /// Pieces: a text, and where it is the name of an object, the place of that.
    func type(of schema: JSONValue) -> [[String: Any]] {
        if let name = Self.name(schema) { return [piece(name, anchor: "schema-" + name)] }
        if let choices = schema["anyOf"]?.elements {
            return Array(choices.map(type).joined(separator: [piece(" or ")]))
        }
        let types = schema["type"].map { $0.text.map { [$0] } ?? $0.elements.compactMap(\.text) }
        let isNullable = types?.contains("null") == true
        let plain = types?.first { $0 != "null" } ?? (isNullable ? "null" : "any value")
        var pieces =
            plain == "array"
            ? [piece("list of ")] + (schema["items"].map(type) ?? [piece("values")])
            : [piece(plain + limits(of: schema))]
        if isNullable, plain != "null" { pieces.append(piece(" or null")) }
        return pieces
    }

    private func limits(of schema: JSONValue) -> String {
        if let format = schema["format"]?.text { return ", \(format)" }
        switch (schema["minLength"], schema["maxLength"], schema["minimum"], schema["maximum"]) {
        case (.integer(let least)?, .integer(let most)?, _, _):
            return ", \(least) to \(most) characters"
        case (_, _, .integer(let least)?, .integer(let most)?): return ", \(least) to \(most)"
        case (_, _, .integer(let least)?, nil): return ", \(least) or more"
        default: return ""
        }
    }

    private func piece(_ text: String, anchor: String? = nil) -> [String: Any] {
        ["text": text, "anchors": anchor.map { [$0] } ?? []]
    }

    /// Of a schema of the document's components.
    static func name(_ schema: JSONValue) -> String? {
        schema["$ref"]?.text?.split(separator: "/").last.map(String.init)
    }

    /// What a reference leads to; other values as they are.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let path = value["$ref"]?.text?.split(separator: "/").dropFirst() else {
            return value
        }
        return path.reduce(document) { found, name in found[String(name)] ?? .null }
    }
}
