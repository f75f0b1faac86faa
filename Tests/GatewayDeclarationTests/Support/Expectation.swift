import GatewayDeclaration

extension Plan {
    /// As `--dry-run` shows it.
    var text: String {
        steps.flatMap { PlanText.lines(of: $0) }.map(\.text).joined(separator: "\n")
    }
}

extension Declaration {
    static func planned(
        _ text: String,
        for server: SimulatedServer,
        prunes: Bool = false
    ) -> (plan: Plan, mistakes: [String]) {
        let (plan, mistakes) = Plan.make(read(text), for: server.state, prunes: prunes)
        return (plan, mistakes.map { "\($0.line): \($0.text)" })
    }
}
