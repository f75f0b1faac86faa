import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import PeerConfig

/// `wgw peer guide`.
struct PeerGuideCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "guide",
        abstract: "Print how to connect a peer's device, step by step.",
        discussion:
            "The guide is Markdown, and holds the config of the peer without its private key."
    )

    @Argument(help: "The peer, by name or id.", completion: .names(of: PeerNoun.self))
    var peer: String

    @Option(
        help: ArgumentHelp("The system of the device.", valueName: GuideSystem.list),
        completion: .list(GuideSystem.allCases.map(\.rawValue))
    )
    var os: GuideSystem

    @Flag(help: "Send everything through the tunnel, where the network has a way out.")
    var fullTunnel = false

    @OptionGroup(title: "Server")
    var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let peer = try await PeerNoun.find(peer, client)
        var call = APICall(.get, "wireguard_peers/\(peer.id)/guide")
        call.query = [("os", os.rawValue), ("full_tunnel", "\(fullTunnel)")]
        let guide = try await client.send(call).text
        let width = Screen.output.width
        try OutputFile.standardOutput.write(
            width.map { MarkdownText.wrapped(guide, to: $0) } ?? guide
        )
    }
}

extension GuideSystem: ExpressibleByArgument {
    /// In the place of a word for them, so that an error has them, too.
    fileprivate static let list = allCases.map(\.rawValue).joined(separator: "|")
}
