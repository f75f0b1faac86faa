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
        var networks: [NetworkNoun.Answer] = []
        for try await page in client.pages(of: .networks) { networks += page }
        let only = try OnlyOne.of(networks, "networks") { found in
            let isUnique = networks.filter { $0.name == found.name }.count == 1
            return "\(command) --network \((isUnique ? found.name : "\(found.id)").shellWord)"
        }
        if let only { return only }
        var request = NewNetwork()
        request.name = .value(Self.firstName)
        return try await client.create(.networks, request)
    }

    func regionCode(_ client: GatewayClient, command: String) async throws -> String {
        if let region { return region }
        var regions: [RegionNoun.Answer] = []
        for try await page in client.pages(of: .regions) { regions += page }
        let only = try OnlyOne.of(regions, "regions") { "\(command) --region \($0.code)" }
        guard let only else {
            throw CommandFailure("the server has no region to make a gateway in")
        }
        return only.code
    }
}
