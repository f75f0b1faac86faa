import APIContract
import GatewayDomain
import JSON

/// Reads the members of one object of a declaration.
struct ObjectReader {
    let kind: DeclaredKind
    let path: String
    let line: Int
    private let form: DeclaredForm
    private var id: String?
    private var references: [DeclaredKind: DeclaredObject.Reference] = [:]
    private var body = JSONObject()
    private var lines: [String: Int] = [:]
    private var mistakes: [Mistake] = []

    init(kind: DeclaredKind, path: String, line: Int) {
        self.kind = kind
        self.path = path
        self.line = line
        form = kind.form
    }

    mutating func read(_ member: DocumentNode.Entry) {
        lines[member.name] = member.line
        if let ancestor = kind.ancestors.first(where: { $0.noun == member.name }) {
            guard let text = text(of: member) else { return }
            references[ancestor] = .init(text: text, line: member.line)
        } else if member.name == DeclaredObject.idMember {
            id = text(of: member)
        } else if form.setting(member.name) != nil {
            body.add(member.name, member.value.json)
            noteElements(of: member)
        } else {
            refuse(member)
        }
    }

    private mutating func noteElements(of member: DocumentNode.Entry) {
        guard case .list(let elements) = member.value.content else { return }
        for (index, element) in elements.enumerated() {
            lines["\(member.name)[\(index)]"] = element.line
        }
    }

    /// A name or an id, which cannot be empty.
    private mutating func text(of member: DocumentNode.Entry) -> String? {
        guard case .single(.string(let text)) = member.value.content, !text.isEmpty else {
            note(member.line, member.name, "must be a text; put quotes around a number")
            return nil
        }
        return text
    }

    private mutating func refuse(_ member: DocumentNode.Entry) {
        if let parent = form.parent, member.name == parent.wireName {
            note(member.line, member.name, "is called '\(parent.kind.noun)' here: a name or an id")
        } else if form.answeredOnly.contains(member.name) {
            note(
                member.line,
                member.name,
                "is set by the server and cannot be declared; leave it out"
            )
        } else {
            let known =
                form.settings.map(\.name) + kind.ancestors.map(\.noun) + [DeclaredObject.idMember]
            let meant = Declaration.suggestion(for: member.name, in: known)
            note(member.line, member.name, "is not a member of a \(kind.noun)\(meant)")
        }
    }

    private mutating func note(_ line: Int, _ member: String, _ text: String) {
        mistakes.append(Mistake(line: line, "\(path).\(member) \(text)"))
    }

    mutating func finish() -> (DeclaredObject, [Mistake]) {
        let (settings, problems) = form.read(body)
        for problem in problems { note(problem) }
        if let parent = form.parent, id == nil, lines[parent.kind.noun] == nil,
            lines[parent.wireName] == nil
        {
            let noun = parent.kind.noun
            mistakes.append(
                Mistake(line: line, "\(path) needs '\(noun)', the name of its \(noun)")
            )
        }
        let object = DeclaredObject(
            kind: kind,
            path: path,
            line: line,
            id: id,
            references: references,
            settings: settings,
            lines: lines
        )
        return (object, mistakes)
    }

    private mutating func note(_ problem: FieldProblem) {
        let place = MemberPlace(pointer: problem.pointer)
        var text = problem.reason.predicate
        // YAML reads a bare number as one.
        if case .wrongType("string") = problem.reason { text += "; put quotes around it" }
        note(place.line(among: lines) ?? line, place.text, text)
    }
}
