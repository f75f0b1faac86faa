import CommandLineProgram
import GatewayDeclaration

/// A declaration with mistakes, each of which is told in a line of its own, as compilers do.
struct MistakenDeclaration: Error {
    /// A person does not read more at once.
    private static let mostShown = 50

    let failure: CommandFailure

    /// What the server refuses of it.
    init(
        _ source: DeclarationFile,
        _ refusals: [(step: Plan.Step, pointer: String, detail: String)]
    ) {
        self.init(source, refusals.map { $0.step.mistake(at: $0.pointer, refusedWith: $0.detail) })
    }

    init(_ source: DeclarationFile, _ mistakes: [Mistake]) {
        let lines = mistakes.sorted { $0.line < $1.line }.prefix(Self.mostShown).map {
            // What --prune would delete is in no line.
            "  \(source.name)\($0.line > 0 ? ":\($0.line)" : ""): \($0.text.withoutControls)"
        }
        let count = mistakes.count == 1 ? "a mistake" : "\(mistakes.count) mistakes"
        let rest = mistakes.count - lines.count
        failure = CommandFailure(
            "\(source.name) has \(count), and nothing was changed:",
            .failed,
            lines: rest > 0 ? lines + ["  and \(rest) more"] : lines
        )
    }
}
