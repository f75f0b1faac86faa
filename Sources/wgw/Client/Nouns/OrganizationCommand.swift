import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw organization`.
struct OrganizationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: OrganizationNoun.word,
        abstract: "Tenants of the server, each with networks and keys of its own; for admins.",
        subcommands: [
            ListCommand<OrganizationNoun, NoFilter>.self, GetCommand<OrganizationNoun>.self,
            OrganizationCreateCommand.self, OrganizationUpdateCommand.self,
            DeleteCommand<OrganizationNoun>.self, WatchCommand<OrganizationNoun>.self,
            LimitCommand<OrganizationNoun>.self,
        ]
    )
}

struct OrganizationCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an organization.",
        discussion: """
            Its first key is made in its name: wgw key create owner --role owner --organization NAME
            """
    )

    @Argument(help: "The organization's name, which no other has.") var name: String
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: OrganizationNoun.self)
        var request = NewOrganization()
        request.name = .value(name)
        try await output.print(try await client.create(.organizations, request), client)
    }
}

struct OrganizationUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Rename, suspend or resume an organization."
    )

    @Argument(
        help: "The organization, by name or id.",
        completion: .names(of: OrganizationNoun.self)
    )
    var organizationName: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The organization's new name.", valueName: "name")
    )
    var newName: String?

    @Flag(help: "Refuse its keys, until it is resumed; its gateways go on carrying packets.")
    var suspend = false

    @Flag(help: "Take its keys again.") var resume = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if suspend, resume { throw ValidationError("--suspend and --resume exclude each other") }
        if newName == nil, !suspend, !resume {
            throw ValidationError("give --name, --suspend or --resume")
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: OrganizationNoun.self)
        let found = try await OrganizationNoun.find(organizationName, client)
        var change = OrganizationChange()
        if let newName { change.name = .value(newName) }
        if suspend || resume { change.isSuspended = .value(suspend) }
        try await output.print(try await client.update(.organizations, found.id, change), client)
    }
}
