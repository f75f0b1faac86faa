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
            PeerShareCommand.self, PeerConfigURLCommand.self, TrafficCommand<PeerNoun>.self,
            LimitCommand<PeerNoun>.self,
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
            """
            Those whose config is in this state: current, outdated (from the first change on that it lacks, also one \
            that was taken back) or never_fetched.
            """,
            valueName: "state"
        )
    )
    var config: ConfigState?

    @Option(
        help: ArgumentHelp(
            "Those that are connected, silent or never_connected.",
            valueName: "status"
        )
    )
    var status: PeerConnection?

    @Option(
        help: ArgumentHelp(
            "Those with this text in their name or address, or at the beginning of their key.",
            valueName: "text"
        )
    )
    var search: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        var filters: [(name: String, value: String)] = []
        if let gateway {
            let found = try await GatewayNoun.find(gateway, client)
            filters.append((PeerMembers.gatewayID.name, "\(found.id)"))
        }
        if let network {
            let found = try await NetworkNoun.find(network, client)
            filters.append((GatewayMembers.networkID.name, "\(found.id)"))
        }
        if let config { filters.append((PeerMembers.configState.name, config.rawValue)) }
        if let status { filters.append(("status", status.rawValue)) }
        if let search { filters.append(("search", search)) }
        return [ListQuery(filters)]
    }
}

extension ConfigState: ExpressibleByArgument {}
extension PeerConnection: ExpressibleByArgument {}
