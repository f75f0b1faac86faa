import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw peer share laptop --expires 1h`.
struct PeerShareCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Make a link that shows a peer's config once.",
        discussion: """
            Who opens the link first gets the config, and looking at it uses nothing up. The private key \
            of a peer is not on the server: for a peer that never connected the server makes a new key \
            pair, whose private key leaves with the link only. For another, say --new-key to do the same, \
            which ends its connection; --private-key to put the key that the peer has behind the link, for \
            which it is sent to the server; or --without-key.
            """
    )

    @Argument(help: "The peer's name or id.", completion: .names(of: PeerNoun.self))
    var name: String

    @Option(
        help: ArgumentHelp("How long the link works, from 1m to 7d.", valueName: "time"),
        transform: TimeSpan.argument
    )
    var expires: TimeSpan?

    @Flag(help: "Give the peer a new key pair, made by the server.")
    var newKey = false

    @Option(
        help: ArgumentHelp(
            "A file with the peer's private key on its one line.",
            valueName: "file"
        ),
        completion: .file()
    )
    var privateKey: String?

    @Flag(help: "Leave a placeholder for the private key in the config.")
    var withoutKey = false

    @Flag(help: "Send everything through the tunnel, where the network has a way out.")
    var fullTunnel = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        let choices = [newKey, privateKey != nil, withoutKey].filter(\.self)
        guard choices.count <= 1 else {
            throw ValidationError("give one of --new-key, --private-key and --without-key")
        }
        if let expires, !PeerShare.lifetimeSeconds.contains(Int(expires.seconds)) {
            throw ValidationError("--expires takes a time from 1m to 7d")
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: ShareNoun.self, isDisclosing: true)
        let peer = try await PeerNoun.find(name, client)
        var request = NewPeerShare()
        if let privateKey {
            let key = try PeerPrivateKey.inFile(privateKey, of: peer)
            request.privateKey = .value(.given(key))
        }
        if newKey { request.privateKey = .value(.make) }
        if withoutKey { request.privateKey = .value(.without) }
        if fullTunnel { request.isFullTunnel = .value(true) }
        if let expires { request.expiresIn = .value(Int(expires.seconds)) }
        let made = try await share(peer, request, client)
        try await output.print(made, client, secrets: [("url", made.url)])
        for remark in remarks(on: made) { try OutputFile.standardError.write(sentence: remark) }
    }

    private func share(
        _ peer: PeerNoun.Answer,
        _ request: NewPeerShare,
        _ client: GatewayClient
    ) async throws -> ShareNoun.Answer {
        do throws(ClientError) {
            return try await client.create(.shares(of: peer.id), request)
        } catch {
            guard case .refused(let refusal) = error, request.privateKey.isAbsent,
                refusal.concerns(PeerShareMembers.privateKey.pointer)
            else { throw error }
            throw CommandFailure.usage(
                """
                the peer has connected with a key that the server does not keep; say --private-key FILE to \
                put that key behind the link, --new-key for a new key pair, which ends its connection, or \
                --without-key
                """
            )
        }
    }

    /// What the maker of the link should know before sending it.
    private func remarks(on made: ShareNoun.Answer) -> [String] {
        guard Screen.errors.isTerminal else { return [] }
        var remarks = ["The link works once; wgw share delete takes it back."]
        if made.hasPrivateKey, privateKey == nil {
            remarks.append(PeerNoun.remarkOnNewKeys)
        }
        remarks += LinkReach.remarks(on: made.url)
        return remarks
    }
}
