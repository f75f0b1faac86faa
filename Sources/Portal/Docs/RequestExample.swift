import JSON

/// A request of an operation as a line for a shell. `curl` reads the key from a file, so that it stands in
/// no list of processes.
struct RequestExample {
    let schemas: SchemaTable
    let method: String
    let path: String
    let operation: JSONValue

    var curl: String {
        var words = ["curl"]
        if method != "GET" { words += ["-X", method] }
        words.append("\"$WGW_URL\(Self.shellPath(path))\(query)\"")
        if !(operation["security"]?.elements.isEmpty ?? true) { words.append("-H @wgw-key-header") }
        guard let body = operation["requestBody"]?["content"]?["application/json"]?["schema"] else {
            return words.joined(separator: " ")
        }
        return words.joined(separator: " ")
            + " \\\n  -H 'Content-Type: application/json' \\\n  -d '"
            + example(of: body).encoded.replacing("'", with: "'\\''") + "'"
    }

    /// `{id}` is `$ID` for a shell.
    private static func shellPath(_ path: String) -> String {
        path.split(separator: "{", omittingEmptySubsequences: false).enumerated().map {
            index,
            part in
            guard index > 0, let end = part.firstIndex(of: "}") else { return String(part) }
            return "$" + part[..<end].uppercased() + part[part.index(after: end)...]
        }.joined()
    }

    /// Of the parameters without which the operation is refused.
    private var query: String {
        let needed = (operation["parameters"]?.elements ?? []).map(schemas.resolved).filter {
            $0["in"]?.text == "query" && $0["required"] == .bool(true)
        }
        guard !needed.isEmpty else { return "" }
        return "?"
            + needed.map { parameter in
                let name = parameter["name"]?.text ?? ""
                let value = example(of: parameter["schema"] ?? .null)
                return "\(name)=\(value.text ?? value.encoded)"
            }.joined(separator: "&")
    }

    /// With the members that are needed, or the first one where none is.
    private func example(of schema: JSONValue) -> JSONValue {
        let schema = schemas.resolved(schema)
        if let example = schema["examples"]?.elements.first { return example }
        if let word = schema["enum"]?.elements.first { return word }
        if let choice = schema["anyOf"]?.elements.first { return example(of: choice) }
        let type = schema["type"].flatMap { $0.text ?? $0.elements.first?.text }
        switch type {
        case "object":
            let required = schema["required"]?.elements.compactMap(\.text) ?? []
            let members = schema["properties"]?.members ?? []
            let shown =
                required.isEmpty
                ? Array(members.prefix(1)) : members.filter { required.contains($0.name) }
            return .object(
                JSONObject(shown.map { .init(name: $0.name, value: example(of: $0.value)) })
            )
        case "array": return .array(schema["items"].map { [example(of: $0)] } ?? [])
        case "integer": return schema["minimum"] ?? .integer(1)
        case "boolean": return .bool(true)
        default: return "…"
        }
    }
}
