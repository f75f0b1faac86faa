import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw node`.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: NodeNoun.word,
        abstract: "The machines that carry gateways; admins make and change them.",
        discussion: """
            Without a verb, this machine is a node: wgw node --join TOKEN the first time, wgw node from then on. \
            wgw node run --help has its options.
            """,
        subcommands: [
            NodeRunCommand.self, ListCommand<NodeNoun, NoFilter>.self, GetCommand<NodeNoun>.self,
            NodeCreateCommand.self, NodeTokenCommand.self, NodeUpdateCommand.self,
            NodeDrainCommand.self, DeleteCommand<NodeNoun>.self, WatchCommand<NodeNoun>.self,
        ],
        defaultSubcommand: NodeRunCommand.self
    )
}

struct NodeCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a node, and print its join token once.",
        discussion: """
            On the machine that is to be the node: wgw node --join TOKEN. The token lets one machine join, once; \
            send it in a way that others cannot read.
            """
    )

    @Argument(help: "The name of the node, which no other node of the server has.")
    var name: String

    @Option(
        name: .customLong("region"),
        help: ArgumentHelp(
            "The codes of its regions, separated by commas; wgw region create makes new ones.",
            valueName: "codes"
        )
    )
    var regions: String

    @Option(
        help: ArgumentHelp(
            "The address or host name at which peers find its gateways.",
            valueName: "host"
        ),
        transform: PublicHost.argument
    )
    var endpointAddress: PublicHost

    @OptionGroup var ports: NodePortOptions
    @OptionGroup var token: JoinTokenOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NodeNoun.self, isDisclosing: true)
        var request = NewNode()
        request.name = .value(name)
        request.regionCodes = .value(regions.commaSeparated.map { .value($0) })
        request.host = .value(endpointAddress)
        request.ports = try ports.requested()
        request.expiresIn = token.field
        try await JoinTokenOptions.print(try await client.create(.nodes, request), output, client)
    }
}

struct NodeTokenCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a new join token of a node.",
        discussion: """
            For a machine that did not join in time, or that takes the place of the machine which the node was until \
            now: that one is turned away when the token is used. A token that was made before is not valid any more.
            """
    )

    @Argument(help: "The node, by name or id.", completion: .names(of: NodeNoun.self))
    var name: String

    @OptionGroup var token: JoinTokenOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NodeNoun.self, isDisclosing: true)
        let node = try await NodeNoun.find(name, client)
        var request = NewJoinToken()
        request.expiresIn = token.field
        let made = try await client.create(.joinToken(of: node.id), request)
        try await JoinTokenOptions.print(made, output, client)
    }
}

/// How long a join token can be used.
struct JoinTokenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long the join token can be used, from 1m to 24h; 15m by itself.",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var expires: TimeSpan?

    func validate() throws {
        if let expires, !JoinToken.seconds.contains(Int(expires.seconds)) {
            throw ValidationError("--expires takes a time from 1m to 24h")
        }
    }

    var field: Field<Int> { expires.map { .value(Int($0.seconds)) } ?? .absent }

    static func print(
        _ made: NodeNoun.Answer,
        _ output: Output<NodeNoun>,
        _ client: GatewayClient
    ) async throws {
        try await output.print(
            made,
            client,
            secrets: [("join token", made.joinToken.map { "\($0)" })]
        )
        guard Screen.errors.isTerminal, let token = made.joinToken else { return }
        if output.isForPeople {
            try OutputFile.standardError.write(
                "\nOn the machine that is to be the node; as root, where its gateways are to lead out of their networks:\n\n  wgw node --join \(token)\n"
            )
        }
        guard let obstacle = Self.obstacle(to: token.serverURL) else { return }
        try OutputFile.standardError.write(
            """

            The token leads to \(token.serverURL), \(obstacle); then make another token:

              wgw node token \(made.name.shellWord)

            """
        )
    }

    /// Why no machine can join by a URL, and what to do about it. Completes the sentence "The token leads to …".
    static func obstacle(to serverURL: String) -> String? {
        if LinkReach.leadsToThisMachine(serverURL) {
            return """
                where another machine finds itself and not this server. Start wgw serve with --public-url, the URL at \
                which the other machine reaches it, and with a --listen, --tls-cert and --tls-key to match
                """
        }
        guard serverURL.lowercased().hasPrefix("http://") else { return nil }
        return """
            where no TLS is spoken, and nodes join by TLS only. Start wgw serve with --tls-cert and --tls-key, or with \
            the https:// URL of the proxy in front as --public-url
            """
    }
}

struct NodePortOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The UDP ports that its gateways may have, like 5000-5999.",
            valueName: "ports"
        )
    )
    var portRange: String?

    func validate() throws { _ = try requested() }

    func requested() throws -> Field<PortRange> {
        guard let portRange else { return .absent }
        guard let ports = PortRange(portRange) else {
            throw ValidationError("--port-range takes ports from 1 to 65535, like 5000-5999")
        }
        return .value(ports)
    }
}

struct NodeUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a node; its gateways follow.",
        discussion: """
            With another --endpoint-address the gateways of the node are found there, and peers need new configs. \
            What the server's settings say of the node inside of it is changed there.
            """
    )

    @Argument(help: "The node, by name or id.", completion: .names(of: NodeNoun.self))
    var node: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The node's new name.", valueName: "name")
    )
    var newName: String?

    @Option(
        name: .customLong("region"),
        help: ArgumentHelp("The codes of its regions, separated by commas.", valueName: "codes")
    )
    var regions: String?

    @Option(
        help: ArgumentHelp(
            "The address or host name at which peers find its gateways.",
            valueName: "host"
        ),
        transform: PublicHost.argument
    )
    var endpointAddress: PublicHost?

    @OptionGroup var ports: NodePortOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if newName == nil, regions == nil, endpointAddress == nil, ports.portRange == nil {
            throw ValidationError("give --name, --region, --endpoint-address or --port-range")
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NodeNoun.self)
        let found = try await NodeNoun.find(node, client)
        var change = NodeChangeRequest()
        if let newName { change.name = .value(newName) }
        if let regions { change.regionCodes = .value(regions.commaSeparated.map { .value($0) }) }
        if let endpointAddress { change.host = .value(endpointAddress) }
        change.ports = try ports.requested()
        try await output.print(try await client.update(.nodes, found.id, change), client)
    }
}

struct NodeDrainCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Place no new gateways on a node; those that it has stay.",
        discussion: "To empty it, move them: wgw gateway move GATEWAY --node NODE"
    )

    @Argument(help: "The node, by name or id.", completion: .names(of: NodeNoun.self))
    var node: String

    @Flag(help: "Place new gateways on it again.") var undo = false
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: NodeNoun.self)
        let found = try await NodeNoun.find(node, client)
        var change = NodeChangeRequest()
        change.isDraining = .value(!undo)
        try await output.print(try await client.update(.nodes, found.id, change), client)
    }
}

extension PublicHost {
    static func argument(_ text: String) throws -> PublicHost {
        guard let host = PublicHost(text) else {
            throw ValidationError("--endpoint-address takes an IP address or a host name")
        }
        return host
    }
}
