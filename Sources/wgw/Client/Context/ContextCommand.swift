import ArgumentParser
import CommandLineProgram
import GatewayClient

/// `wgw context`.
struct ContextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Servers that have a name here: add, use, list, remove.",
        discussion: """
            Contexts are kept in $XDG_CONFIG_HOME/wgw/contexts.json (~/.config/wgw where that is not set), \
            which only its owner may read. Options beat the environment (WGW_URL, WGW_API_KEY), the \
            environment beats the context in use, and without any of these a command asks the wgw serve \
            of this machine.
            """,
        subcommands: [
            ContextAddCommand.self, ContextUseCommand.self, ContextListCommand.self,
            ContextRemoveCommand.self,
        ]
    )
}

struct ContextUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Let commands ask the server of a context, where they name no other."
    )

    @Argument(help: "The context.", completion: .custom { _, _, _ in ContextFile.names() })
    var name: String

    func run() throws {
        var file = try ContextFile(.current)
        try file.use(name)
    }
}

struct ContextRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a context and its API key."
    )

    @Argument(help: "The context.", completion: .custom { _, _, _ in ContextFile.names() })
    var name: String

    func run() throws {
        var file = try ContextFile(.current)
        try file.remove(name)
    }
}
