import JSON

/// A plan for people, like the output of diff: `+` is made, `~` is changed, `-` is deleted.
package enum PlanText {
    package enum Tone: Sendable {
        case made
        case changed
        case deleted
        case plain
    }

    /// The lines of a step with the tone of each.
    package static func lines(of step: Plan.Step) -> [(text: String, tone: Tone)] {
        switch step.action {
        case .create(let creation):
            [("+ \(step.title)", .made)]
                + creation.settings.members.filter { $0.name != DeclaredObject.nameMember }.map {
                    ("    \($0.name): \(value($0, step.kind))", .made)
                }
        case .change(_, let changes):
            [("~ \(step.title)", .changed)]
                + changes.map { change in
                    let old = change.isSecret ? hidden : change.old.map(text) ?? "?"
                    let new = change.isSecret ? hidden : text(change.new)
                    return ("    \(change.name): \(old) → \(new)", .changed)
                }
        case .delete:
            [("- \(step.title)", .deleted)]
        }
    }

    /// The step alone, when it has been carried out.
    package static func headline(of step: Plan.Step) -> (text: String, tone: Tone) {
        lines(of: step)[0]
    }

    /// Like `1 to make, 2 to change, 1 to delete`.
    package static func summary(_ plan: Plan) -> String {
        var parts: [String] = []
        let made = plan.count { if case .create = $0 { true } else { false } }
        let changed = plan.count { if case .change = $0 { true } else { false } }
        let deleted = plan.deletions.count
        if made > 0 { parts.append("\(made) to make") }
        if changed > 0 { parts.append("\(changed) to change") }
        if deleted > 0 { parts.append("\(deleted) to delete") }
        return parts.joined(separator: ", ")
    }

    private static let hidden = "(secret)"

    private static func value(_ member: JSONObject.Member, _ kind: DeclaredKind) -> String {
        kind.form.setting(member.name)?.isShown == true ? text(member.value) : hidden
    }

    /// In one line, without quotes around a text.
    static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "none"
        case .string(let text): text
        case .array(let elements):
            elements.isEmpty ? "none" : elements.map(text).joined(separator: ", ")
        default: value.encoded
        }
    }
}
