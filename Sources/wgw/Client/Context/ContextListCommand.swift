import ArgumentParser
import CommandLineProgram
import GatewayClient
import JSON

/// `wgw context list`. Keys are not shown.
struct ContextListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the contexts; a star marks the one in use."
    )

    @Flag(name: .shortAndLong, help: "Print names only.") var quiet = false
    @Flag(help: "Leave out the heads of the columns.") var noHeader = false

    func run() throws {
        let file = try ContextFile(.current)
        if quiet {
            return try OutputFile.standardOutput.write(
                file.contexts.map { $0.name + "\n" }.joined()
            )
        }
        guard !file.contexts.isEmpty else {
            return try OutputFile.standardError.write(
                "There is no context; wgw context add NAME --url URL makes one.\n"
            )
        }
        var table = Table(
            heads: ["", "NAME", "URL", "ORGANIZATION", "FINGERPRINT"],
            hasHeader: !noHeader,
            screen: .output
        )
        let rows = file.contexts.map { context -> [Cell] in
            [
                .text(context.name == file.current ? "*" : " "), .text(context.name),
                .text(context.url.text), .text(context.organization),
                .text(context.fingerprint),
            ]
        }
        try OutputFile.standardOutput.write(table.text(of: rows))
    }
}
