import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw region`.
struct RegionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: RegionNoun.word,
        abstract: "The places where gateways can be made; admins change them.",
        subcommands: [
            ListCommand<RegionNoun, RegionFilter>.self, RegionGetCommand.self,
            RegionCreateCommand.self, RegionUpdateCommand.self, DeleteCommand<RegionNoun>.self,
        ]
    )
}

struct RegionFilter: ListFilter {
    @Flag(help: "Those without a node, too, in which no gateways can be made; for admins.")
    var all = false

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        [all ? ListQuery(parameters: [("all", "true")]) : ListQuery()]
    }
}

/// By its code: the list has those alone that are offered, except for admins.
struct RegionGetCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Show one region."
    )

    @Argument(help: "The region, by its code.", completion: .names(of: RegionNoun.self))
    var code: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: RegionNoun.self)
        try await output.print(try await RegionNoun.find(code, client), client)
    }
}

/// Where a region is, and what people call it.
struct RegionOptions: ParsableArguments {
    @Option(
        name: .customLong("name"),
        help: ArgumentHelp("What people call it, like 'Frankfurt, DE'.", valueName: "name")
    )
    var name: String?

    @Option(help: ArgumentHelp("The part of the world: AMER, EMEA or APAC.", valueName: "word"))
    var area: String?

    @Option(help: ArgumentHelp("The area within that, in a code like FRA.", valueName: "code"))
    var site: String?

    @Option(help: ArgumentHelp("The data centre, in a code like FR5.", valueName: "code"))
    var pop: String?

    func validate() throws {
        if let area, !Region.Place.areas.contains(area) {
            throw ValidationError("--area takes \(Region.Place.areas.joined(separator: ", "))")
        }
    }

    var isEmpty: Bool { name == nil && area == nil && site == nil && pop == nil }

    var place: PlaceRequest {
        var place = PlaceRequest()
        if let area { place.area = .value(area) }
        if let site { place.site = .value(site) }
        if let pop { place.pop = .value(pop) }
        return place
    }
}

struct RegionCreateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a region.",
        discussion: """
            Gateways can be made in it as soon as a node is in it: wgw node create NAME --region CODE
            """
    )

    @Argument(help: "The code that names it, of a-z, 0-9 and hyphens, like frankfurt-de.")
    var code: String

    @OptionGroup var options: RegionOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: RegionNoun.self)
        var request = NewRegion()
        request.code = .value(code)
        if let name = options.name { request.name = .value(name) }
        request.place = options.place
        try await output.print(try await client.create(.regions, request), client)
    }
}

struct RegionUpdateCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change the name or the place of a region."
    )

    @Argument(help: "The region, by its code.", completion: .names(of: RegionNoun.self))
    var code: String

    @OptionGroup var options: RegionOptions
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if options.isEmpty { throw ValidationError("give --name, --area, --site or --pop") }
    }

    func run(_ client: GatewayClient) async throws {
        let output = try Output(output, of: RegionNoun.self)
        let found = try await RegionNoun.find(code, client)
        var change = RegionChange()
        if let name = options.name { change.name = .value(name) }
        change.place = options.place
        try await output.print(try await client.update(.regions, found.code, change), client)
    }
}
