import JSON

/// The OpenAPI document as values of the template `docs`: operations by what they are about, then the objects
/// that they take and answer.
struct APIReference {
    private let document: JSONValue
    private let schemas: SchemaTable

    init(_ document: JSONValue) {
        self.document = document
        schemas = SchemaTable(document: document)
    }

    var values: [String: Any] {
        [
            "title": "API reference",
            "about": Prose.pieces(document["info"]?["description"]?.text ?? ""),
            "groups": groups,
            "objects": objects,
        ]
    }

    // MARK: Operations

    private var groups: [[String: Any]] {
        var names: [String] = []
        var operations: [String: [[String: Any]]] = [:]
        for path in document["paths"]?.members ?? [] {
            let name = Self.group(of: path.name)
            if operations[name] == nil { names.append(name) }
            operations[name, default: []] += path.value.members.map {
                operation($0.value, $0.name.uppercased(), path.name)
            }
        }
        return names.map { name in
            [
                "name": name,
                "anchor": "group-" + name.lowercased().replacing(" ", with: "-"),
                "operations": operations[name] ?? [],
            ]
        }
    }

    /// `Networks` for `/v2/networks/{id}`.
    static func group(of path: String) -> String {
        let parts = path.split(separator: "/")
        guard parts.first == "v2", parts.count > 1 else { return "Beside the API" }
        let words = parts[1].split(separator: "_").map { word in
            switch word {
            case "api": "API"
            case "wireguard": "WireGuard"
            case "whoami": "who am I"
            default: String(word)
            }
        }
        let name = words.joined(separator: " ")
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    private func operation(
        _ operation: JSONValue,
        _ method: String,
        _ path: String
    ) -> [String: Any] {
        let id = operation["operationId"]?.text ?? ""
        let (about, permission) = Self.split(operation["description"]?.text ?? "")
        let parameters = (operation["parameters"]?.elements ?? []).map(schemas.resolved)
        let body = operation["requestBody"]?["content"]?["application/json"]?["schema"]
        let responses = (operation["responses"]?.members ?? []).map {
            (status: $0.name, value: schemas.resolved($0.value))
        }
        return [
            "id": id,
            "method": method,
            "path": path,
            "summary": operation["summary"]?.text ?? "",
            "about": Prose.pieces(about),
            "permission": Prose.pieces(permission),
            "hasParameters": !parameters.isEmpty,
            "parameters": parameters.map(parameter),
            "bodies": body.map { [["rows": schemas.rows(of: $0)]] } ?? [],
            "answers": responses.filter { $0.status < "4" }.map { answer($0.status, $0.value) },
            "errors": responses.filter { $0.status >= "4" }.map {
                ["status": $0.status, "about": Prose.pieces($0.value["description"]?.text ?? "")]
            },
            "curl": RequestExample(
                schemas: schemas,
                method: method,
                path: path,
                operation: operation
            ).curl,
            "commands": CommandExamples.command(for: id).map { [$0] } ?? [],
        ]
    }

    /// The last sentence of a description says whom the operation is for.
    private static func split(_ description: String) -> (about: String, permission: String) {
        guard let range = description.ranges(of: "This operation needs").last else {
            return (description, "")
        }
        return (
            String(description[..<range.lowerBound]), String(description[range.lowerBound...])
        )
    }

    private func parameter(_ parameter: JSONValue) -> [String: Any] {
        let schema = parameter["schema"] ?? .null
        var row = schemas.row(
            parameter["name"]?.text ?? "",
            schema,
            isRequired: parameter["required"] == .bool(true)
        )
        row["place"] = parameter["in"]?.text ?? ""
        row["about"] = Prose.pieces(parameter["description"]?.text ?? "")
        return row
    }

    private func answer(_ status: String, _ response: JSONValue) -> [String: Any] {
        let content = response["content"]?.members.first
        let schema = content?.value["schema"] ?? .null
        let isJSON = content?.name == "application/json"
        return [
            "status": status,
            "about": Prose.pieces(response["description"]?.text ?? ""),
            "mediaTypes": content.map { isJSON ? [] : [$0.name] } ?? [],
            "hasRows": isJSON && schema["properties"] != nil,
            "rows": isJSON ? schemas.rows(of: schema) : [],
        ]
    }

    // MARK: Objects

    private var objects: [[String: Any]] {
        (document["components"]?["schemas"]?.members ?? []).map { member in
            [
                "name": member.name,
                "about": Prose.pieces(member.value["description"]?.text ?? ""),
                "rows": schemas.rows(of: member.value),
            ]
        }
    }
}
