import JSON
import NetAddress

/// What one object at most has of a server: some addresses, or anything else that two cannot share.
enum ExclusiveValue {
    case addresses(IPPrefix)
    case other(JSONValue)

    /// Those of a setting, which may be a list.
    static func all(in value: JSONValue) -> [ExclusiveValue] {
        switch value {
        case .null: []
        case .array(let elements): elements.flatMap(all)
        case .string(let text): [prefix(text).map { .addresses($0) } ?? .other(value)]
        default: [.other(value)]
        }
    }

    private static func prefix(_ text: String) -> IPPrefix? {
        (try? IPPrefix(text)) ?? (try? InterfaceAddress(text).prefix)
            ?? IPAddress(text).map { IPPrefix($0) }
    }

    func collides(with other: ExclusiveValue) -> Bool {
        switch (self, other) {
        case (.addresses(let left), .addresses(let right)): left.overlaps(right)
        case (.other(let left), .other(let right)): left == right
        default: false
        }
    }
}

extension Plan.Step {
    /// What the step gives its object that no other may have.
    var claims: [ExclusiveValue] {
        let given: [JSONObject.Member] =
            switch action {
            case .create(let creation): creation.settings.members
            case .change(_, let changes): changes.map { .init(name: $0.name, value: $0.new) }
            case .delete: []
            }
        return given.filter { kind.form.exclusive.contains($0.name) }
            .flatMap { ExclusiveValue.all(in: $0.value) }
    }
}

extension ServerState.Object {
    /// What the object has that no other may have.
    var holdings: [ExclusiveValue] {
        kind.form.exclusive.compactMap(value).flatMap { ExclusiveValue.all(in: $0) }
    }
}
