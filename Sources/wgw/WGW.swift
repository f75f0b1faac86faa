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
        subcommands: [ServeCommand.self, HubCommand.self, ShowCommand.self, BenchCommand.self]
    )

    /// A failure is one sentence on standard error, without the usage text that would bury it.
    static func main() async {
        StandardDescriptors.fillGaps()
        do {
            // At once: Dispatch stops the process with a trap where it finds no descriptors of its own.
            try FileDescriptors.checkLimit(FileDescriptors.raiseLimit())
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
        if exitCode(for: error) == .success { show(fullMessage(for: error)) }
        let isUsage = exitCode(for: error) == .validationFailure || error is ConfigurationProblem
        var sentence = message(for: error).split(separator: "\n").joined(separator: " ")
        if sentence.hasSuffix(".") { sentence.removeLast() }
        if isUsage { sentence += "; see \(helpCommand)" }
        try? OutputFile.standardError.write("wgw: \(sentence)\n", patience: patience)
        Foundation.exit(isUsage ? ExitCode.validationFailure.rawValue : 1)
    }

    /// How long a failure waits for a reader: the exit status says it, too.
    private static let patience = Duration.seconds(1)

    /// The help and the version, which end a command well.
    private static func show(_ text: String) -> Never {
        do {
            try OutputFile.standardOutput.write(text + "\n")
            Foundation.exit(ExitCode.success.rawValue)
        } catch {
            end(with: error)
        }
    }

    /// Of the command that was asked for, as far as there are commands of those names.
    private static var helpCommand: String {
        var words = ["wgw"]
        var known = configuration.subcommands
        for name in CommandLine.arguments.dropFirst() {
            guard let command = known.first(where: { $0.configuration.commandName == name })
            else { break }
            words.append(name)
            known = command.configuration.subcommands
        }
        return (words + ["--help"]).joined(separator: " ")
    }
}
