import APIContract
import ArgumentParser
import GatewayClient

/// `wgw coverage`.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: CoverageNoun.word,
        abstract: "Where the regions lie, and what they offer.",
        subcommands: [ListCommand<CoverageNoun, CoverageOptions>.self]
    )
}

struct CoverageOptions: ListFilter {
    @Option(help: "Only sites that offer this service, such as cloud_vpn.")
    var service: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let service else { return [ListQuery()] }
        return [ListQuery([("\(CoverageSiteMembers.availableServices.name)][contains", service)])]
    }
}
