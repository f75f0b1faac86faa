import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDeclaration
import JSON

/// `wgw export`: what the server has, as `wgw apply` takes it.
struct ExportCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print all networks, gateways and peers as a file for wgw apply.",
        discussion: """
            wgw export > net.yaml
            wgw apply -f net.yaml   changes nothing here, and makes a copy on an empty server

            The order is that of creation, so that two exports can be compared line by line. Private \
            keys are not in it: of peers the server has none, and gateways never show theirs.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("yaml or json.", valueName: "format"),
        completion: .list(["yaml", "json"])
    )
    var output = "yaml"

    @Flag(help: "Export the preshared keys of peers, too; keep the file from others.")
    var secrets = false

    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        guard ["yaml", "json"].contains(output) else {
            throw ValidationError("-o of export takes yaml or json, not '\(output)'")
        }
    }

    func run(_ client: GatewayClient) async throws {
        var state = try await ServerState.read(client)
        if secrets { try await state.readSecrets(of: state.ids(of: .peer), client) }
        let declaration = Declaration.write(state)
        try OutputFile.standardOutput.write(
            output == "json" ? declaration.indented + "\n" : Self.note(on: state) + declaration.yaml
        )
    }

    /// A comment that says what another server has to have already.
    private static func note(on state: ServerState) -> String {
        guard let names = state.namesOfOthers[.service]?.sorted(), !names.isEmpty else { return "" }
        return """
            # Gateways name private services that are not in this file, but in the settings of the server:
            # \(names.joined(separator: ", ")). Another server has to have them before the file is applied.

            """
    }
}
