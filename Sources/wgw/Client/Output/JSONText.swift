import JSON

extension JSONValue {
    /// Over several lines, for people.
    var indented: String { indented(by: 0) }

    /// As an element of something that is `depth` levels deep.
    func indented(inside depth: Int) -> String {
        String(repeating: "  ", count: depth) + indented(by: depth)
    }

    private func indented(by depth: Int) -> String {
        let inner = String(repeating: "  ", count: depth + 1)
        let outer = String(repeating: "  ", count: depth)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + $0.indented(by: depth + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { member in
                "\(inner)\(JSONValue.string(member.name).encoded): \(member.value.indented(by: depth + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        default:
            return encoded
        }
    }
}
