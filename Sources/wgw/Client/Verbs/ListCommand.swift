import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient

/// What a noun's list can be narrowed by.
protocol ListFilter: ParsableArguments {
    func queries(_ client: GatewayClient) async throws -> [ListQuery]
}

/// Nothing narrows the list.
struct NoFilter: ListFilter {
    func queries(_ client: GatewayClient) async throws -> [ListQuery] { [ListQuery()] }
}

/// `wgw peer list`, and that of every other noun.
struct ListCommand<N: Noun, Filter: ListFilter>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "List \(N.plural), oldest first.",
            discussion: N.hasTable
                ? "-o csv prints the table that the server makes for spreadsheets, with all its columns."
                : ""
        )
    }

    @OptionGroup(title: "Filters") var filter: Filter
    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if isTable, output.quiet || output.noHeader || output.columns != nil {
            throw ValidationError("-o csv takes no -q, --no-header and --columns")
        }
    }

    private var isTable: Bool { N.hasTable && output.output == "csv" }

    func run(_ client: GatewayClient) async throws {
        if isTable {
            for query in try await filter.queries(client) {
                try await client.printTable(of: N.resource, query)
            }
            return
        }
        let output = try Output(output, of: N.self)
        let queries = try await filter.queries(client)
        try await output.print(client.pages(of: N.resource, queries), client)
    }
}
