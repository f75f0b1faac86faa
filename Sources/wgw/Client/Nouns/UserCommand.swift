import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw user`.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: UserNoun.word,
        abstract: "People who sign in to the portal by name and password.",
        subcommands: [
            ListCommand<UserNoun, NoFilter>.self, GetCommand<UserNoun>.self,
            UserCreateCommand.self, UserUpdateCommand.self, UserInviteCommand.self,
            DeleteCommand<UserNoun>.self, WatchCommand<UserNoun>.self,
        ]
    )
}

struct UserCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a user, and print the link of the invitation once.",
        discussion: """
            The user opens the link in a browser and chooses a password there. It works once: send it in a \
            way that others cannot read.
            """
    )

    @Argument(help: "The name to sign in with, which no other user of the server has.")
    var name: String

    @Option(help: "What the user may do: viewer, member, owner or admin.")
    var role: Role = .member

    @Option(
        name: .customLong("network"),
        help:
            "A network that the user sees, by name or id; several are given one by one. Without any it sees all.",
        completion: .names(of: NetworkNoun.self)
    )
    var networks: [String] = []

    @OptionGroup var invitation: InvitationOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: UserNoun.self, isDisclosing: true)
        var request = NewUser()
        request.name = .value(name)
        request.role = .value(role)
        request.expiresIn = invitation.field
        if !networks.isEmpty {
            request.networkIDs = .value(try await NetworkNoun.ids(of: networks, client))
        }
        let made = try await client.create(.users, request)
        try await output.print(made, client, secrets: [("invitation", made.invitationURL)])
        try InvitationOptions.remark(on: made)
    }
}

struct UserInviteCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Make a new link by which a user chooses a password.",
        discussion: """
            For a user whose link has expired, or who has forgotten the password: the old one is valid until \
            another one is chosen. A link that was made before is not valid any more.
            """
    )

    @Argument(help: "The user, by name or id.", completion: .names(of: UserNoun.self))
    var name: String

    @OptionGroup var invitation: InvitationOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: UserNoun.self, isDisclosing: true)
        let user = try await UserNoun.find(name, client)
        var request = NewInvitation()
        request.expiresIn = invitation.field
        let invited = try await client.create(.invitation(of: user.id), request)
        try await output.print(invited, client, secrets: [("invitation", invited.invitationURL)])
        try InvitationOptions.remark(on: invited)
    }
}

/// How long the link of an invitation works.
struct InvitationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long the link works, from 10m to 30d; 3d by itself.",
            valueName: "time"
        ),
        transform: TimeSpan.argument
    )
    var expires: TimeSpan?

    func validate() throws {
        if let expires, !User.invitationSeconds.contains(Int(expires.seconds)) {
            throw ValidationError("--expires takes a time from 10m to 30d")
        }
    }

    /// What the maker of the link should know before sending it.
    static func remark(on invited: UserNoun.Answer) throws {
        guard Screen.errors.isTerminal else { return }
        let remarks =
            ["The user chooses a password at the link, which works once."]
            + LinkReach.remarks(on: invited.invitationURL)
        for remark in remarks { try OutputFile.standardError.write(remark + "\n") }
    }

    var field: Field<Int> { expires.map { .value(Int($0.seconds)) } ?? .absent }
}

struct UserUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Rename a user, or let it do or see something else.",
        discussion: """
            With another role or other networks the sessions of the user end, and it signs in again.
            """
    )

    @Argument(help: "The user, by name or id.", completion: .names(of: UserNoun.self))
    var userName: String

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("The name to sign in with from now on.", valueName: "name")
    )
    var newName: String?

    @Option(help: "What the user may do: viewer, member, owner or admin.") var role: Role?

    @Option(
        name: .customLong("network"),
        help: "A network that the user sees, by name or id; several are given one by one.",
        completion: .names(of: NetworkNoun.self)
    )
    var networks: [String] = []

    @Flag(help: "Let the user see all networks.") var allNetworks = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if allNetworks, !networks.isEmpty {
            throw ValidationError("--network and --all-networks exclude each other")
        }
        if newName == nil, role == nil, networks.isEmpty, !allNetworks {
            throw ValidationError("give --name, --role, --network or --all-networks")
        }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: UserNoun.self)
        let user = try await UserNoun.find(userName, client)
        var change = UserChange()
        if let newName { change.name = .value(newName) }
        if let role { change.role = .value(role) }
        if allNetworks { change.networkIDs = .null }
        if !networks.isEmpty {
            change.networkIDs = .value(try await NetworkNoun.ids(of: networks, client))
        }
        try await output.print(try await client.update(.users, user.id, change), client)
    }
}

extension NetworkNoun {
    /// As a request names several.
    static func ids(
        of names: [String],
        _ client: GatewayClient
    ) async throws -> [Field<NetworkID>] {
        var ids: [Field<NetworkID>] = []
        for name in names { ids.append(.value(try await find(name, client).id)) }
        return ids
    }
}
