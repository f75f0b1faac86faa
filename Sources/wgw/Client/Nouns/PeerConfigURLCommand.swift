import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw peer config-url laptop`.
struct PeerConfigURLCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "config-url",
        abstract: "Make the URL at which a device reads its config without an API key.",
        discussion: """
            The device asks as often as it likes, and with If-None-Match only for what is new. Its private \
            key is not in the config: a placeholder stands for it. One URL is valid at a time; a new one \
            replaces it.
            """
    )

    @Argument(help: "The peer's name or id.", completion: .names(of: PeerNoun.self))
    var name: String

    @Flag(help: "Revoke the URL instead, and make no other.") var revoke = false

    @Flag(help: "Show since when there is one instead, without the URL itself.") var show = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        guard !(revoke && show) else { throw ValidationError("give --revoke or --show, not both") }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(
            output,
            of: ConfigURLNoun.self,
            isDisclosing: !revoke && !show
        )
        let peer = try await PeerNoun.find(name, client)
        do {
            try await run(client, peer, output)
        } catch ClientError.refused(let refusal) where refusal.status == 404 {
            throw CommandFailure(
                "the peer has no config URL; wgw peer config-url \(name.shellWord) makes one",
                .notFound
            )
        }
    }

    private func run(
        _ client: GatewayClient,
        _ peer: PeerNoun.Answer,
        _ output: Output<ConfigURLNoun>
    ) async throws {
        let path = Resource<PeerConfigURLAnswer>("wireguard_peers/\(peer.id)")
        if revoke {
            let last = try await client.delete(path, "config_url")
            let title = PeerNoun.title(of: peer).withoutControls
            try output.print(done: "the config URL of '\(title)' is revoked", last)
        } else if show {
            try await output.print(try await client.get(path, "config_url"), client)
        } else {
            let made = try await client.create(.configURL(of: peer.id), NewPeerConfigURL())
            try await output.print(made, client, secrets: [("url", made.url)])
        }
    }
}
