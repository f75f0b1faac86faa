import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw limits`.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: LimitsNoun.word,
        abstract: "What peers, gateways and the organization may use, and what of it is used.",
        discussion: "They are set by wgw peer limit, wgw gateway limit and wgw organization limit.",
        subcommands: [ListCommand<LimitsNoun, LimitsFilter>.self],
        defaultSubcommand: ListCommand<LimitsNoun, LimitsFilter>.self
    )
}

struct LimitsFilter: ListFilter {
    @Option(
        help: ArgumentHelp(
            "Only those with a quota in this state: within, nearing (80 percent) or used_up.",
            valueName: "state"
        )
    )
    var state: QuotaState?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        [ListQuery(state.map { [(QuotaUseMembers.state.name, $0.rawValue)] } ?? [])]
    }
}

extension QuotaState: ExpressibleByArgument {}
