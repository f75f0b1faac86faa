import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw link`.
struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: LinkNoun.word,
        abstract: "Links between gateways on different nodes, and how they do.",
        discussion: """
            The server makes a link for each two gateways of a network that are on different nodes, and \
            deletes it with the first of them. While a link does not answer, packets go around over a third \
            gateway where there is one.
            """,
        subcommands: [
            ListCommand<LinkNoun, LinkFilter>.self, GetCommand<LinkNoun>.self,
            WatchCommand<LinkNoun>.self,
        ]
    )
}

struct LinkFilter: ListFilter {
    @Option(
        help: "Only links of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    @Option(
        help: "Only links of this gateway, by name or id.",
        completion: .names(of: GatewayNoun.self)
    )
    var gateway: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        var conditions: [(String, String)] = []
        if let network {
            let found = try await NetworkNoun.find(network, client)
            conditions.append((BackboneLinkMembers.networkID.name, "\(found.id)"))
        }
        if let gateway {
            let found = try await GatewayNoun.find(gateway, client)
            conditions.append((BackboneLinkMembers.gatewayID.name, "\(found.id)"))
        }
        return [ListQuery(conditions)]
    }
}
