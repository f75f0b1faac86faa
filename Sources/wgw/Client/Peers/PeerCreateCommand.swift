import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import WireGuardCrypto

/// `wgw peer create laptop`: from nothing to a config, without a decision.
struct PeerCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a peer, and print its complete config.",
        discussion: """
            With nothing but a name, the peer is made at the only gateway that there is. Where there is \
            none, a gateway is made in the only region, and where there is no network, the network \
            default. Several networks or gateways are an error that lists them.

            The key pair is made here, and the private key does not leave this machine. It is in the \
            config and nowhere else: -o FILE keeps that in a file that only you can read. A command that \
            was interrupted is finished by running it again.
            """
    )

    @Argument(help: "What people call the peer.") var name: String

    @Option(
        help: "The gateway, by name or id.",
        completion: .names(of: GatewayNoun.self)
    )
    var gateway: String?

    @OptionGroup var place: GatewayPlace

    @Option(
        help: ArgumentHelp(
            "The public key of a key pair that the peer has already; its config lacks the private key.",
            valueName: "key"
        ),
        transform: PublicKey.argument
    )
    var publicKey: PublicKey?

    @Flag(help: "Let the server make the key pair, and send the private key once.")
    var serverKey = false

    @Flag(help: "Let the server make a preshared key, which is in the config as well.")
    var presharedKey = false

    @Option(
        help: ArgumentHelp("Seconds between keepalives; 0 for none.", valueName: "seconds")
    )
    var keepalive: Int?

    @OptionGroup var addresses: PeerAddressOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A file for the config, readable for you only; or json, jsonl, yaml or name.",
            discussion: "A file has a dot or a slash in its name: laptop.conf, ./json.",
            valueName: "file|format"
        ),
        completion: .file()
    )
    var output: String?

    @Flag(help: "Replace the file that -o names where it exists.") var force = false
    @Flag(name: .shortAndLong, help: "Print the id only; for -o FILE.") var quiet = false
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if publicKey != nil, serverKey {
            throw ValidationError("--public-key and --server-key are two key pairs; give one")
        }
        if gateway != nil, place.network != nil || place.region != nil {
            throw ValidationError("--gateway has a network and a region already; leave those out")
        }
        if force, output == nil {
            throw ValidationError("--force replaces the file that -o names; name one")
        }
    }

    func run(_ client: GatewayClient) async throws {
        // Before anything is made: a config that cannot be kept would be lost.
        let target = try ConfigTarget(
            output,
            replacing: force,
            isDisclosing: publicKey == nil
        )
        let gateway = try await chosenGateway(client)
        let pair = keyPair(for: gateway, client)
        let peer = try await create(at: gateway, pair, client)
        let key = pair?.privateKey ?? peer.privateKey
        let config = try await PeerConfigText.read(of: peer.id, key, client)
        let made = CreatedPeer(
            peer: peer,
            gateway: gateway,
            config: config,
            localKey: pair?.privateKey,
            ownersKey: publicKey
        )
        try made.deliver(to: target, isQuiet: quiet)
        pair?.pending?.forget()
        try await gateway.warnUntilInService(client)
    }

    private func chosenGateway(_ client: GatewayClient) async throws -> GatewayNoun.Answer {
        if let gateway { return try await GatewayNoun.find(gateway, client) }
        return try await place.gateway(client, command: "wgw peer create \(name.shellWord)")
    }

    /// Made here, or kept from a run that was interrupted. Nil where the server or the caller has it.
    private func keyPair(
        for gateway: GatewayNoun.Answer,
        _ client: GatewayClient
    ) -> LocalKeyPair? {
        guard publicKey == nil, !serverKey else { return nil }
        return LocalKeyPair(
            for: PendingPeer.Origin(url: client.server.url, gatewayID: gateway.id, name: name)
        )
    }

    private func create(
        at gateway: GatewayNoun.Answer,
        _ pair: LocalKeyPair?,
        _ client: GatewayClient
    ) async throws -> PeerNoun.Answer {
        if pair?.isResumed != true { try await checkName(at: gateway, client) }
        var request = NewPeer()
        request.gatewayID = .value(gateway.id)
        request.name = .value(name)
        if let key = publicKey ?? pair?.publicKey { request.publicKey = .value(key) }
        if presharedKey { request.presharedKey = .value(.make) }
        if let keepalive { request.persistentKeepalive = .value(keepalive) }
        if let address = addresses.address { request.address = .value(address) }
        request.allowedIPs = addresses.requestedAllowedIPs
        guard let pair else { return try await client.create(.peers, request) }
        return try await client.create(.peers, request, idempotencyKey: pair.idempotencyKey)
    }

    /// The API takes a name twice; on the command line it could not be said again which is meant.
    private func checkName(at gateway: GatewayNoun.Answer, _ client: GatewayClient) async throws {
        let query = ListQuery([
            (PeerMembers.gatewayID.name, "\(gateway.id)"), (PeerMembers.name.name, name),
        ])
        for try await page in client.pages(of: .peers, [query])
        where page.contains(where: { $0.name == name }) {
            throw CommandFailure(
                """
                this gateway has a peer named '\(name.withoutControls)'; take another name, or see that \
                one with wgw peer get \(name.shellWord)
                """,
                .conflict
            )
        }
    }
}
