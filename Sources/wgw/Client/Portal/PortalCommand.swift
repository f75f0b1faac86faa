import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain

/// `wgw portal`.
struct PortalCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "portal",
        abstract: "Print a link that signs a browser in to the portal.",
        discussion: """
            The browser may do what the API key in use may. The link works once, for 15 minutes: open it \
            yourself. wgw user create makes users, who sign in by name and password.
            """
    )

    @Flag(help: "Open the link in the browser of this desktop instead of printing it.")
    var open = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("name, json, jsonl or yaml.", valueName: "format")
    )
    var output: String?

    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        if open, output != nil { throw ValidationError("--open and --output exclude each other") }
    }

    func run(_ client: GatewayClient) async throws {
        let format = try output.map(OutputFormat.init(named:)) ?? .name
        let link = try await client.create(.signInCodes, NewSignInCode())
        guard !open else { return try DesktopBrowser.open(link.url) }
        switch format {
        case .json, .jsonl, .yaml:
            try OutputFile.standardOutput.write(format.text(of: link.json, title: link.url))
        case .name, .table, .wide:
            try OutputFile.standardOutput.write(link.url + "\n")
            guard Screen.output.isTerminal else { return }
            try OutputFile.standardError.write("The link works once, within 15 minutes.\n")
        }
    }
}
