import ArgumentParser
import Foundation

@main
struct WGW: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wgw",
        abstract: "Private networks over WireGuard, made by an HTTP API.",
        discussion: """
            One process is the API, its store and the gateways that carry the packets. It needs no \
            root, no TUN device and no kernel module.
            """,
        version: version,
        subcommands: [ServeCommand.self, HubCommand.self, BenchCommand.self]
    )

    /// A failure is one sentence on standard error, without the usage text that would bury it.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        if exitCode(for: error) == .success { exit(withError: error) }
        let isUsage = exitCode(for: error) == .validationFailure || error is ConfigurationProblem
        var sentence = message(for: error).split(separator: "\n").joined(separator: " ")
        if isUsage { sentence += "; see \(helpCommand)" }
        FileHandle.standardError.write(Data("wgw: \(sentence)\n".utf8))
        Foundation.exit(isUsage ? ExitCode.validationFailure.rawValue : 1)
    }

    /// Of the command that was asked for, if there is one of that name.
    private static var helpCommand: String {
        let name = CommandLine.arguments.dropFirst().first
        let isKnown = configuration.subcommands.contains { $0.configuration.commandName == name }
        return isKnown ? "wgw \(name ?? "") --help" : "wgw --help"
    }
}
