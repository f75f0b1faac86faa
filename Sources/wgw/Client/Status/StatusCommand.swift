import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import JSON

/// `wgw status`.
struct StatusCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how every gateway and peer does, and what is wrong.",
        discussion: """
            A line for each gateway, and below it one for each of its peers: whether it is \
            connected, its address inside the tunnel, where its packets come from, when it was last \
            heard, and the bytes that were received from it and sent to it. At the end stands \
            what is wrong, and the next step.

            A peer is connected while its latest handshake is less than three minutes old, and \
            quiet afterwards: switched off, without a network, or with nothing to send and without \
            a keepalive. One that is never was not heard yet.

            Below that stand the machines that carry gateways, where there are others than the server \
            itself, and the links between gateways on different machines.

            With -o json the answer has the API's objects overview, gateways, peers, nodes and links; with \
            -o jsonl each stands on a line of its own.
            """
    )

    @Argument(
        help: "Only this gateway and its peers, by name or id.",
        completion: .names(of: GatewayNoun.self)
    )
    var gateway: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("table, wide, json, jsonl or yaml.", valueName: "format")
    )
    var output: String?

    @Flag(help: "Leave out the heads of the columns.")
    var noHeader = false

    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let format = try output.map(OutputFormat.init(named:)) ?? .table
        guard format != .name else {
            throw CommandFailure.usage("wgw status takes -o table, wide, json, jsonl or yaml")
        }
        async let overview = client.overview()
        let report = try await StatusReport(of: gateway, client)
        try OutputFile.standardOutput.write(
            try await text(of: report, overview, as: format, client)
        )
    }

    private func text(
        of report: StatusReport,
        _ overview: Decoded<OverviewMembers>,
        as format: OutputFormat,
        _ client: GatewayClient
    ) async throws -> String {
        switch format {
        case .json: return report.json(overview).indented + "\n"
        case .yaml: return report.json(overview).yaml
        case .jsonl:
            let objects =
                report.gateways.map(\.json) + report.peers.map(\.json)
                + report.nodes.map(\.json) + report.links.map(\.json) + [overview.json]
            return objects.map { $0.encoded + "\n" }.joined()
        case .table, .wide, .name:
            let screen = Screen.output
            let layout = StatusLayout(screen, isWide: format == .wide)
            let more = StatusTables(hasHeader: !noHeader, screen: screen)
            return layout.table(of: report, hasHeader: !noHeader)
                + more.nodes(report.nodes) + (try await more.links(report.links, client))
                + OverviewText(overview, on: screen).text
        }
    }
}

extension GatewayClient {
    func overview() async throws -> Decoded<OverviewMembers> {
        try Self.object(Overview.self, in: try await send(APICall(.get, "overview")))
    }
}
