import JSON

/// A value of a declaration with its line.
struct DocumentNode: Sendable {
    struct Entry: Sendable {
        let name: String
        let line: Int
        let value: DocumentNode
    }

    indirect enum Content: Sendable {
        case single(JSONValue)
        case list([DocumentNode])
        case mapping([Entry])
    }

    let line: Int
    let content: Content

    var json: JSONValue {
        switch content {
        case .single(let value): value
        case .list(let elements): .array(elements.map(\.json))
        case .mapping(let entries):
            .object(
                JSONObject(entries.map { JSONObject.Member(name: $0.name, value: $0.value.json) })
            )
        }
    }
}
