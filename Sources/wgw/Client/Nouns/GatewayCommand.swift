import APIContract
import ArgumentParser
import GatewayClient

/// `wgw gateway`.
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: GatewayNoun.word,
        abstract: "WireGuard endpoints of networks, which carry the packets of their peers.",
        subcommands: [
            ListCommand<GatewayNoun, GatewayFilter>.self, GetCommand<GatewayNoun>.self,
            GatewayCreateCommand.self, GatewayUpdateCommand.self, GatewayMoveCommand.self,
            DeleteCommand<GatewayNoun>.self,
            WatchCommand<GatewayNoun>.self, TrafficCommand<GatewayNoun>.self,
            LimitCommand<GatewayNoun>.self,
        ]
    )
}

struct GatewayFilter: ListFilter {
    @Option(
        help: "Only gateways of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let network else { return [ListQuery()] }
        let found = try await NetworkNoun.find(network, client)
        return [ListQuery([(GatewayMembers.networkID.name, "\(found.id)")])]
    }
}
