import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// In which network and region a gateway is made. Where a command does not say, it is the only one that there is; the
/// first network is made, and is called `default`.
struct GatewayPlace: ParsableArguments {
    @Option(
        help: "The network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    @Option(help: ArgumentHelp("The region, by its code.", valueName: "code")) var region: String?

    private static let firstName = "default"

    /// - Parameter command: the one that was called, which an error shows with each network.
    func network(_ client: GatewayClient, command: String) async throws -> NetworkNoun.Answer {
        if let network { return try await NetworkNoun.find(network, client) }
        let networks = try await client.all(.networks)
        let only = try OnlyOne.of(networks, "networks") { found in
            let isUnique = networks.filter { $0.name == found.name }.count == 1
            let word = isUnique ? found.name : "\(found.id)"
            return "\(command) --network \(word.shellWord)\(Self.given("region", region))"
        }
        if let only { return only }
        // The first network is for a gateway: it is not made where the command ends by asking for the region.
        _ = try await regionCode(client, command: command)
        var request = NewNetwork()
        request.name = .value(Self.firstName)
        return try await client.create(.networks, request)
    }

    /// The only gateway of the network, or of all where no network is named; the first one is made.
    func gateway(_ client: GatewayClient, command: String) async throws -> GatewayNoun.Answer {
        let network = try await self.network(client, command: command)
        let ofNetwork = ListQuery([(GatewayMembers.networkID.name, "\(network.id)")])
        var gateways = try await client.all(.gateways, [ofNetwork])
        if let region { gateways.removeAll { $0.regionCode != region } }
        let only = try OnlyOne.of(gateways, "gateways") { found in
            let isUnique = found.name != nil && gateways.filter { $0.name == found.name }.count == 1
            let word = isUnique ? GatewayNoun.title(of: found) : "\(found.id)"
            return "\(command) --gateway \(word.shellWord)"
        }
        if let only { return only }
        var request = NewGateway()
        request.networkID = .value(network.id)
        request.regionCode = .value(try await regionCode(client, command: command))
        request.name = .value(network.name)
        return try await client.create(.gateways, request)
    }

    func regionCode(_ client: GatewayClient, command: String) async throws -> String {
        if let region { return region }
        let only = try OnlyOne.of(try await client.all(.regions), "regions") {
            "\(command)\(Self.given("network", network)) --region \($0.code)"
        }
        guard let only else {
            throw CommandFailure("the server has no region to make a gateway in")
        }
        return only.code
    }

    /// What the command says already, which the one that an error shows says too.
    private static func given(_ option: String, _ value: String?) -> String {
        value.map { " --\(option) \($0.shellWord)" } ?? ""
    }
}
