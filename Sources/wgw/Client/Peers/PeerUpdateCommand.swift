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
            --new-key makes a key pair here and prints the config with it, as wgw peer create does: the \
            old config is refused from then on.
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

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if publicKey != nil, newKey {
            throw ValidationError("--public-key and --new-key are two key pairs; give one")
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
        let output = try Output(output, of: PeerNoun.self)
        let found = try await PeerNoun.find(peer, client)
        let pair = newKey ? KeyPair.random() : nil
        var change = PeerChange()
        if let newName { change.name = .value(newName) }
        if let keepalive { change.persistentKeepalive = .value(keepalive) }
        if let address = addresses.address { change.address = .value(address) }
        change.allowedIPs = addresses.requestedAllowedIPs
        if let key = publicKey ?? pair?.publicKey { change.publicKey = .value(key) }
        if let presharedKey { change.presharedKey = .value(presharedKey ? .make : .without) }
        let changed = try await client.update(.peers, found.id, change)
        guard let pair else { return try await output.print(changed, client) }
        let config = try await PeerConfigText.read(of: changed.id, pair.privateKey, client)
        try OutputFile.standardOutput.write(config)
    }
}
