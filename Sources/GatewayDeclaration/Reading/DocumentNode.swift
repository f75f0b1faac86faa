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

    /// The line of the element at these indices of lists, as a pointer into a member has them.
    func line(at indices: some Collection<Substring>) -> Int {
        guard case .list(let elements) = content, let index = indices.first.flatMap({ Int($0) }),
            elements.indices.contains(index)
        else { return line }
        return elements[index].line(at: indices.dropFirst())
    }
}
