import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress

/// `wgw route`.
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: RouteNoun.word,
        abstract: "Where networks send packets: subnets, networks behind peers, ways out.",
        subcommands: [
            ListCommand<RouteNoun, RouteFilter>.self, GetCommand<RouteNoun>.self,
            RouteCreateCommand.self, DeleteCommand<RouteNoun>.self,
        ]
    )
}

struct RouteFilter: ListFilter {
    @Option(
        help: "Only routes of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        guard let network else { return [ListQuery()] }
        let found = try await NetworkNoun.find(network, client)
        return [ListQuery([(NetworkRouteMembers.networkID.name, "\(found.id)")])]
    }
}

/// `wgw route create 192.168.10.0/24 --peer router`.
struct RouteCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Lead a network to the peer that it is behind.",
        discussion: "It is one of the peer's --allowed-ips from then on."
    )

    @Argument(
        help: "The network, like 192.168.10.0/24.",
        transform: IPv4Prefix.argument
    )
    var prefix: IPv4Prefix

    @Option(
        help: "The peer that the network is behind, by name or id.",
        completion: .names(of: PeerNoun.self)
    )
    var peer: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: RouteNoun.self)
        let found = try await PeerNoun.find(peer, client)
        var hop = NewNetworkRoute.RequestedHop()
        hop.kind = .value(NetworkRoute.NextHop.HopKind.peer.rawValue)
        hop.id = .value(found.id)
        var request = NewNetworkRoute()
        request.networkID = .value(try await client.get(.gateways, found.gatewayID).networkID)
        request.prefix = .value(prefix)
        request.nextHop = .value(hop)
        try await output.print(try await client.create(.routes, request), client)
    }
}
