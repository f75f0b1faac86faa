import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService
import WireGuardCrypto

/// `wgw peer update laptop --name tablet`.
struct PeerUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a peer or its keys; what is not named stays as it is.",
        discussion: """
            --new-key makes a key pair here and prints the config with it, as wgw peer create does, or \
            keeps it in a file: -o laptop.conf. The old config is refused from then on, and a connection \
            with it ends.
            """
    )

    @Argument(help: "The peer, by name or id.", completion: .names(of: PeerNoun.self)) var peer:
        String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The peer's new name.", valueName: "name")
    )
    var newName: String?

    @Option(help: ArgumentHelp("Seconds between keepalives; 0 for none.", valueName: "seconds"))
    var keepalive: Int?

    @OptionGroup var addresses: PeerAddressOptions

    @Option(
        help: ArgumentHelp("The public key of a new key pair.", valueName: "key"),
        transform: PublicKey.argument
    )
    var publicKey: PublicKey?

    @Flag(help: "Make a new key pair here, and print the config with it.") var newKey = false

    @Flag(inversion: .prefixedNo, help: "Let the server make a preshared key, or take it away.")
    var presharedKey: Bool?

    @Flag(help: "With --new-key: replace the file that -o names where it exists.")
    var force = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if publicKey != nil, newKey {
            throw ValidationError("--public-key and --new-key are two key pairs; give one")
        }
        if force, !newKey || output.output == nil {
            throw ValidationError(
                "--force replaces the file that -o names for --new-key; give both"
            )
        }
        // To the API, a change of nothing is a request for a key pair of the server's.
        if newName == nil, keepalive == nil, publicKey == nil, !newKey, presharedKey == nil,
            addresses.isEmpty
        {
            throw ValidationError(
                """
                give --name, --keepalive, --address, --allowed-ips, --new-key, --public-key or \
                --preshared-key
                """
            )
        }
    }

    func run(_ client: GatewayClient) async throws {
        guard newKey else {
            let output = try Output(output, of: PeerNoun.self)
            return try await output.print(try await change(with: publicKey, client), client)
        }
        // Before the old keys go: a config that cannot be kept would be lost.
        let target = try ConfigTarget(
            output.output,
            replacing: force,
            isDisclosing: true
        )
        let pair = KeyPair.random()
        let changed = try await change(with: pair.publicKey, client)
        let renewed = CreatedPeer(
            peer: changed,
            gateway: try await client.get(.gateways, changed.gatewayID),
            config: try await PeerConfigText.read(of: changed.id, pair.privateKey, client),
            isNew: false,
            localKey: pair.privateKey
        )
        try renewed.deliver(to: target, isQuiet: output.quiet)
    }

    /// - Parameter key: nil for the one that the peer has.
    private func change(
        with key: PublicKey?,
        _ client: GatewayClient
    ) async throws -> PeerNoun.Answer {
        let found = try await PeerNoun.find(peer, client)
        var change = PeerChange()
        if let newName { change.name = .value(newName) }
        if let keepalive { change.persistentKeepalive = .value(keepalive) }
        if let address = addresses.address { change.address = .value(address) }
        change.allowedIPs = addresses.requestedAllowedIPs
        if let key { change.publicKey = .value(key) }
        if let presharedKey { change.presharedKey = .value(presharedKey ? .make : .without) }
        let changed = try await client.update(.peers, found.id, change)
        if key != nil || presharedKey != nil, Screen.errors.isTerminal {
            WaitingNote.end()
            try OutputFile.standardError.write(sentence: PeerNoun.remarkOnNewKeys)
        }
        return changed
    }
}
