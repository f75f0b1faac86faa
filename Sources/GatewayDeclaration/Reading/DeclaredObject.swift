import GatewayDomain
import JSON

/// One object as a declaration has it.
package struct DeclaredObject: Sendable {
    package struct Reference: Equatable, Sendable {
        /// A name or an id.
        let text: String
        let line: Int
    }

    let kind: DeclaredKind
    /// Like `peers[3]`.
    let path: String
    let line: Int
    /// That of an object of the server.
    let id: String?
    /// What the object belongs to; of more distant ancestors those that tell two of one name apart.
    let references: [DeclaredKind: Reference]
    /// As a request takes them, in the order of the wire.
    let settings: JSONObject
    /// Where each member stands, and each element of those that are lists, like `prefixes[1]`.
    let lines: [String: Int]

    package var name: String? { text(of: Self.nameMember) }

    static let nameMember = "name"
    static let idMember = "id"

    func text(of member: String) -> String? {
        guard case .string(let text)? = settings[member] else { return nil }
        return text
    }

    /// Whether the member is there, and is nothing that a request takes.
    func isWrong(_ member: String) -> Bool { lines[member] != nil && settings[member] == nil }

    func mistake(_ text: String) -> Mistake { Mistake(line: line, "\(path) \(text)") }

    func mistake(_ member: String, _ text: String) -> Mistake {
        Mistake(line: lines[member] ?? line, "\(path).\(member) \(text)")
    }

    /// What a server has against the request that would make the object so.
    ///
    /// - Parameters:
    ///   - pointer: into the body of the request; empty where all of it is meant.
    ///   - detail: a sentence, which may begin with the member's name in quotes.
    func mistake(at pointer: String, refusedWith detail: String) -> Mistake {
        var sentence = detail[...]
        if sentence.hasSuffix(".") { sentence.removeLast() }
        guard !pointer.isEmpty else { return Mistake(line: line, "\(path): \(sentence)") }
        let steps = pointer.split(separator: "/")
        let name = "'\(steps.joined(separator: "."))' "
        let parent = kind.form.parent.flatMap {
            $0.wireName == steps.first ?? "" ? $0.kind.noun : nil
        }
        let place = MemberPlace(pointer: parent ?? pointer)
        let line = place.line(among: lines) ?? line
        let text = sentence.hasPrefix(name) ? " \(sentence.dropFirst(name.count))" : ": \(sentence)"
        return Mistake(line: line, "\(path).\(place.text)\(text)")
    }
}
