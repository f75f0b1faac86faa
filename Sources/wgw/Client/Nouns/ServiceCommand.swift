import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress

/// `wgw service`.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ServiceNoun.word,
        abstract: "Services of the operator that gateways lead to; admins change them.",
        subcommands: [
            ListCommand<ServiceNoun, NoFilter>.self, GetCommand<ServiceNoun>.self,
            ServiceCreateCommand.self, ServiceUpdateCommand.self, DeleteCommand<ServiceNoun>.self,
            WatchCommand<ServiceNoun>.self,
        ]
    )
}

/// What a service is reached by, and where.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp("The one protocol of the service: tcp, udp or all.", valueName: "word")
    )
    var transport: String?

    @Option(
        help: ArgumentHelp(
            "Its ports and ranges of ports, separated by commas, like 5060,10000-20000; all for all.",
            valueName: "ports"
        )
    )
    var ports: String?

    @Option(
        help: ArgumentHelp(
            "The codes of the regions that have it, separated by commas; all for all.",
            valueName: "codes"
        )
    )
    var regions: String?

    @Option(
        help: ArgumentHelp(
            "The organizations that have it, by name or id, separated by commas; all for all.",
            valueName: "names"
        )
    )
    var organizations: String?

    @Option(help: ArgumentHelp("What people are told about it.", valueName: "text"))
    var description: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Take prefixes that are used inside of networks, such as 10.0.0.0/8."
    )
    var allowPrivatePrefixes: Bool?

    var isEmpty: Bool {
        transport == nil && ports == nil && regions == nil && organizations == nil
            && description == nil && allowPrivatePrefixes == nil
    }

    func validate() throws {
        _ = try requestedTransport()
        _ = try requestedPorts()
    }

    func requestedTransport() throws -> Field<TransportProtocol> {
        switch transport {
        case nil: return .absent
        case "all": return .null
        case let word?:
            guard let transport = TransportProtocol(rawValue: word) else {
                throw ValidationError("--protocol takes tcp, udp or all")
            }
            return .value(transport)
        }
    }

    func requestedPorts() throws -> Field<[Field<PortRange>]> {
        guard let ports, ports != "all" else { return ports == nil ? .absent : .null }
        return .value(
            try ports.commaSeparated.map { word in
                guard let range = PortRange(word) else {
                    throw ValidationError(
                        "--ports takes ports from 1 to 65535, like 5060,10000-20000"
                    )
                }
                return .value(range)
            }
        )
    }

    var requestedRegions: Field<[Field<String>]> {
        guard let regions, regions != "all" else { return regions == nil ? .absent : .null }
        return .value(regions.commaSeparated.map { .value($0) })
    }

    func requestedOrganizations(
        _ client: GatewayClient
    ) async throws -> Field<[Field<OrganizationID>]> {
        guard let organizations, organizations != "all" else {
            return organizations == nil ? .absent : .null
        }
        var ids: [Field<OrganizationID>] = []
        for name in organizations.commaSeparated {
            ids.append(.value(try await OrganizationNoun.find(name, client).id))
        }
        return .value(ids)
    }

    var requestedDescription: Field<String> {
        description.map { $0.isEmpty ? .null : .value($0) } ?? .absent
    }

    var requestedAllowance: Field<Bool> { allowPrivatePrefixes.map { .value($0) } ?? .absent }
}

struct ServiceCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a private service.",
        discussion: """
            Peers reach it through gateways with --enable-sip-trunking, and through those that name it: \
            wgw gateway update GATEWAY --services NAME
            """
    )

    @Argument(help: "The name by which gateways choose it, which no other service has.")
    var name: String

    @Option(
        help: ArgumentHelp("Its IPv4 networks, separated by commas.", valueName: "prefixes"),
        transform: { try [IPv4Prefix].argument($0) }
    )
    var prefixes: [IPv4Prefix]

    @OptionGroup var options: ServiceOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: ServiceNoun.self)
        var request = NewPrivateService()
        request.name = .value(name)
        request.prefixes = .value(prefixes.map { .value($0) })
        request.transport = try options.requestedTransport()
        request.ports = try options.requestedPorts()
        request.regionCodes = options.requestedRegions
        request.organizationIDs = try await options.requestedOrganizations(client)
        request.description = options.requestedDescription
        request.allowsPrivatePrefixes = options.requestedAllowance
        try await output.print(try await client.create(.privateServices, request), client)
    }
}

struct ServiceUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a private service; gateways and configs follow."
    )

    @Argument(help: "The private service, by name or id.", completion: .names(of: ServiceNoun.self))
    var name: String

    @Option(
        help: ArgumentHelp("Its IPv4 networks, separated by commas.", valueName: "prefixes"),
        transform: { try [IPv4Prefix].argument($0) }
    )
    var prefixes: [IPv4Prefix]?

    @OptionGroup var options: ServiceOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if prefixes == nil, options.isEmpty {
            throw ValidationError(
                """
                give --prefixes, --protocol, --ports, --regions, --organizations, --description or \
                --allow-private-prefixes
                """
            )
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: ServiceNoun.self)
        let found = try await ServiceNoun.find(name, client)
        var change = PrivateServiceChange()
        if let prefixes { change.prefixes = .value(prefixes.map { .value($0) }) }
        change.transport = try options.requestedTransport()
        change.ports = try options.requestedPorts()
        change.regionCodes = options.requestedRegions
        change.organizationIDs = try await options.requestedOrganizations(client)
        change.description = options.requestedDescription
        change.allowsPrivatePrefixes = options.requestedAllowance
        try await output.print(try await client.update(.privateServices, found.id, change), client)
    }
}
