import APIContract
import ArgumentParser
import GatewayClient
import GatewayDomain

/// `wgw peer`.
struct PeerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: PeerNoun.word,
        abstract: "The clients of gateways: laptops, phones, servers.",
        subcommands: [
            ListCommand<PeerNoun, PeerFilter>.self, GetCommand<PeerNoun>.self,
            PeerCreateCommand.self, PeerUpdateCommand.self, DeleteCommand<PeerNoun>.self,
            WatchCommand<PeerNoun>.self, PeerConfigCommand.self, PeerGuideCommand.self,
            PeerShareCommand.self, PeerConfigURLCommand.self,
        ]
    )
}

struct PeerFilter: ListFilter {
    @Option(
        help: "Only peers of this gateway, by name or id.",
        completion: .names(of: GatewayNoun.self)
    )
    var gateway: String?

    @Option(
        help: "Only peers of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    @Option(
        help: ArgumentHelp(
            "Those whose config is in this state: current, outdated or never_fetched.",
            valueName: "state"
        )
    )
    var config: ConfigState?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        let places = try await places(client)
        guard let config else { return places }
        return places.map { query in
            ListQuery(
                query.filters + [(name: PeerMembers.configState.name, value: config.rawValue)]
            )
        }
    }

    private func places(_ client: GatewayClient) async throws -> [ListQuery] {
        if let gateway {
            return [query(try await GatewayNoun.find(gateway, client))]
        }
        guard let network else { return [ListQuery()] }
        let found = try await NetworkNoun.find(network, client)
        let filter = ListQuery([(GatewayMembers.networkID.name, "\(found.id)")])
        var queries: [ListQuery] = []
        for try await page in client.pages(of: .gateways, [filter]) { queries += page.map(query) }
        return queries
    }

    private func query(_ gateway: GatewayNoun.Answer) -> ListQuery {
        ListQuery([(PeerMembers.gatewayID.name, "\(gateway.id)")])
    }
}

extension ConfigState: ExpressibleByArgument {}
