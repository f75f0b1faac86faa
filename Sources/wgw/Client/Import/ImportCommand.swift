import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import HubRuntime
import NetAddress
import WireGuardCrypto

/// `wgw import wg0.conf`.
struct ImportCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over a WireGuard server from its config file.",
        discussion: """
            Makes a gateway with the private key, the port and the address of the server, and its peers with \
            their keys, addresses and networks, so that nothing changes for them. Comments such as \
            '# Name = laptop' become the peers' names.

            Without --network the gateway gets a network of its own, which is called as the file is. The \
            file is checked as a whole before anything is made. Run it while the old server still runs; \
            then stop that one, and the gateway takes its port within a second. Run again, the command \
            finishes what was interrupted. It takes an API key with the role admin.
            """
    )

    @Argument(
        help: ArgumentHelp("The server's config file, as wg-quick has it.", valueName: "file"),
        completion: .file(extensions: ["conf"])
    )
    var file: String

    @OptionGroup var place: GatewayPlace

    @Option(
        help: ArgumentHelp(
            "The subnet of the peers, where the file's Address has a length of 32.",
            valueName: "prefix"
        ),
        transform: IPv4Prefix.argument
    )
    var subnet: IPv4Prefix?

    @Flag(help: "Check the file, show what would be made, and change nothing.") var dryRun = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: GatewayNoun.self)
        let source = HubConfigurationFile(file)
        let plan = try plan(source)
        try tell(plan.remarks, of: source)
        let takeover = Takeover(plan: plan, source: source, client: client)
        let known = try await takeover.existingGateway()
        if dryRun { return try show(plan, isNew: known == nil) }
        let gateway =
            if let known { known } else { try await makeGateway(takeover, client) }
        try await takeover.makePeers(of: gateway)
        let made = try await client.get(.gateways, gateway.id)
        try output.print(done: plan.summary("is there") + "\n" + advice(for: made), made)
    }

    private func plan(_ source: HubConfigurationFile) throws -> ImportPlan {
        do {
            let (configuration, names) = try source.readAll()
            return try ImportPlan(
                configuration,
                names: names,
                name: source.interfaceName,
                subnet: subnet
            )
        } catch let errors as HubFileErrors {
            throw source.failure(errors.list)
        } catch let mistakes as ImportMistakes {
            try tell(mistakes.remarks, of: source)
            throw source.failure(
                mistakes.list.map { source.error(line: $0.line, $0.reason) },
                untold: mistakes.untold
            )
        }
    }

    private func tell(_ remarks: FirstNotes<String>, of source: HubConfigurationFile) throws {
        for remark in remarks.first {
            try OutputFile.standardError.write(
                sentence: "wgw: \(source.error(line: nil, remark))"
            )
        }
        if remarks.untold > 0 {
            try OutputFile.standardError.write("wgw: and \(remarks.untold) more like these\n")
        }
    }

    private func show(_ plan: ImportPlan, isNew: Bool) throws {
        try OutputFile.standardOutput.write(plan.table(on: .output))
        try OutputFile.standardError.write(
            plan.summary(isNew ? "would be made" : "is there and would be completed") + "\n"
        )
    }

    private func makeGateway(
        _ takeover: Takeover,
        _ client: GatewayClient
    ) async throws -> GatewayNoun.Answer {
        let region = try await place.regionCode(client, command: "wgw import \(file.shellWord)")
        guard let name = place.network else {
            return try await takeover.makeGatewayInNewNetwork(region: region)
        }
        let network = try await NetworkNoun.find(name, client)
        return try await takeover.makeGateway(in: network.id, region: region)
    }

    private func advice(for gateway: GatewayNoun.Answer) -> String {
        gateway.status == .provisioned
            ? "It is in service."
            : """
            Stop the old server now: the gateway takes UDP port \(gateway.endpoint.port) within a second, \
            and its peers come back by themselves.
            """
    }
}

extension ImportPlan {
    /// - Parameter state: completes the sentence "Gateway wg0 … .".
    fileprivate func summary(_ state: String) -> String {
        let count = peers.count == 1 ? "1 peer" : "\(peers.count) peers"
        return """
            Gateway \(name) \(state), with address \(gateway.serverAddress), UDP port \
            \(gateway.port) and \(count).
            """
    }

    /// The peers, for a person or a script.
    fileprivate func table(on screen: Screen) -> String {
        var table = Table(
            heads: ["LINE", "NAME", "ADDRESS", "NETWORKS", "PUBLIC KEY"],
            hasHeader: true,
            screen: screen
        )
        return table.text(
            of: peers.map { peer in
                [
                    .number(peer.line), .text(peer.name), .text(peer.address),
                    .text(
                        peer.networks.isEmpty
                            ? nil : peer.networks.map(\.description).joined(separator: ", ")
                    ),
                    .text(peer.publicKey.base64),
                ]
            }
        )
    }
}
