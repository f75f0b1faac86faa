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
            [("- \(step.title)\(and(step.company.count))", .deleted)] + companyLines(of: step)
        }
    }

    /// More names of peers do not help to decide about their gateway.
    private static let mostCompany = 20

    private static func companyLines(of step: Plan.Step) -> [(text: String, tone: Tone)] {
        let rest = step.company.count - mostCompany
        return step.company.prefix(mostCompany).map { ("    - \($0)", .deleted) }
            + (rest > 0 ? [("    - and \(rest) more", .deleted)] : [])
    }

    private static func and(_ peers: Int) -> String {
        switch peers {
        case 0: ""
        case 1: " and its peer"
        default: " and its \(peers) peers"
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
        if made > 0 { parts.append("\(made) to make") }
        if changed > 0 { parts.append("\(changed) to change") }
        if !plan.deletions.isEmpty { parts.append("\(deletions(plan)) to delete") }
        return parts.joined(separator: ", ")
    }

    /// Like `2`, and `2 with 6 peers` where those go with their gateways.
    package static func deletions(_ plan: Plan) -> String {
        let company = plan.deletions.reduce(0) { $0 + $1.company.count }
        let peers = company == 1 ? "1 peer" : "\(company) peers"
        return company == 0 ? "\(plan.deletions.count)" : "\(plan.deletions.count) with \(peers)"
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
