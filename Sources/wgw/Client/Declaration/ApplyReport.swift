import CommandLineProgram
import GatewayDeclaration
import JSON

/// What `wgw apply` tells of a plan and of its steps.
struct ApplyReport {
    /// More lines of what remains do not help to decide about --prune.
    private static let mostKept = 10

    let source: DeclarationFile
    /// Whether each step is an object on a line, and nothing else is told.
    let isForPrograms: Bool
    private let screen = Screen.output

    /// The difference, for `--dry-run`.
    func show(_ plan: Plan) throws {
        guard !isForPrograms else { return try write(plan.steps.map(Self.line).joined()) }
        try showSteps(plan)
        try writeKept(plan)
        guard !plan.steps.isEmpty else { return try writeNothingToDo(plan) }
        try write("\(PlanText.summary(plan)). Nothing was changed.\n")
    }

    /// What is asked about: all of the plan, as an answer is to all of it.
    func showSteps(_ plan: Plan) throws {
        try writeLines(plan.steps.flatMap { PlanText.lines(of: $0) })
    }

    func tellDone(_ step: Plan.Step, config: String?) throws {
        guard !isForPrograms else { return try write(Self.line(step)) }
        let (text, tone) = PlanText.headline(of: step)
        try writeLines([(config.map { "\(text) (config: \($0))" } ?? text, tone)])
    }

    func tellEnd(_ plan: Plan) throws {
        guard !isForPrograms else { return }
        try writeKept(plan)
        guard !plan.steps.isEmpty else { return try writeNothingToDo(plan) }
        let count = plan.steps.count
        try write(count == 1 ? "1 change is made.\n" : "\(count) changes are made.\n")
    }

    /// For an error: where the file declares the object, and which it is.
    func place(of step: Plan.Step) -> String {
        step.line.map { "\(source.name):\($0): \(step.title)" } ?? step.title
    }

    private func writeNothingToDo(_ plan: Plan) throws {
        let count = plan.unchanged == 1 ? "1 object is" : "\(plan.unchanged) objects are"
        try write(
            plan.unchanged == 0
                ? "Nothing to do: \(source.name) declares nothing.\n"
                : "Nothing to do: \(count) as \(source.name) declares.\n"
        )
    }

    private func writeKept(_ plan: Plan) throws {
        guard !plan.kept.isEmpty else { return }
        let count = plan.kept.count
        let objects =
            count == 1
            ? "1 object that the file does not name stays"
            : "\(count) objects that the file does not name stay"
        try OutputFile.standardOutput.write(
            sentence: "\(objects); --prune deletes what the file's lists do not name:"
        )
        try writeLines(plan.kept.prefix(Self.mostKept).map { ("    \($0.title)", .plain) })
        if count > Self.mostKept { try write("    and \(count - Self.mostKept) more\n") }
    }

    private func writeLines(_ lines: [(text: String, tone: PlanText.Tone)]) throws {
        guard !lines.isEmpty else { return }
        try write(
            lines.map { style($0.tone).apply(to: $0.text.withoutControls, on: screen) + "\n" }
                .joined()
        )
    }

    private func style(_ tone: PlanText.Tone) -> TextStyle {
        switch tone {
        case .made: .good
        case .changed: .waiting
        case .deleted: .bad
        case .plain: .plain
        }
    }

    private static func line(_ step: Plan.Step) -> String { step.json.encoded + "\n" }

    private func write(_ text: String) throws {
        if screen.isTerminal { WaitingNote.end() }
        try OutputFile.standardOutput.write(text)
    }
}
