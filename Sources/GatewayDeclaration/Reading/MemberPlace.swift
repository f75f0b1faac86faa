/// A member of a declared object, or an element of one that is a list.
struct MemberPlace {
    let member: String
    /// As declarations write it: `prefixes[1]`.
    let text: String

    /// - Parameter pointer: JSON pointer into the object, like `/prefixes/1`.
    init(pointer: some StringProtocol) {
        let steps = pointer.split(separator: "/")
        member = String(steps.first ?? "")
        text = member + steps.dropFirst().map { "[\($0)]" }.joined()
    }

    func line(among lines: [String: Int]) -> Int? { lines[text] ?? lines[member] }
}
