import JSON

/// A value with something in one of its places that no member of any body may be.
struct Misfit {
    static let value = JSONValue.number("0.5")

    /// The JSON pointer of the place.
    let pointer: String
    let json: JSONValue
}

extension JSONValue {
    /// A misfit for each place inside this value.
    var misfits: [Misfit] {
        switch self {
        case .object(let object):
            object.members.indices.flatMap { index in
                let member = object.members[index]
                return member.value.replacements("/\(member.name)") { value in
                    var changed = object
                    changed.members[index] = JSONObject.Member(name: member.name, value: value)
                    return JSONValue.object(changed)
                }
            }
        case .array(let elements):
            elements.indices.flatMap { index in
                elements[index].replacements("/\(index)") { value in
                    var changed = elements
                    changed[index] = value
                    return JSONValue.array(changed)
                }
            }
        case .null, .bool, .integer, .number, .string, .encoded: []
        }
    }

    /// A misfit for this place, and one for each inside. `whole` puts a value in this place.
    private func replacements(
        _ place: String,
        _ whole: (JSONValue) -> JSONValue
    ) -> [Misfit] {
        [Misfit(pointer: place, json: whole(Misfit.value))]
            + misfits.map { Misfit(pointer: place + $0.pointer, json: whole($0.json)) }
    }
}
