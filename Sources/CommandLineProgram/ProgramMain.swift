package import ArgumentParser
import Glibc

/// A program, from its first instruction to its exit status.
package enum ProgramMain {
    /// A failure is one sentence on standard error, without the usage text that would bury it.
    package static func run<Root: ParsableCommand>(_ root: Root.Type) async {
        StandardDescriptors.fillGaps()
        do {
            // At once: Dispatch stops the process with a trap where it finds no descriptors of its own.
            try OpenFileLimit.check(OpenFileLimit.raise())
            var command = try root.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(root, with: error)
        }
    }

    private static func end<Root: ParsableCommand>(_ root: Root.Type, with error: any Error)
        -> Never
    {
        if root.exitCode(for: error) == .success { show(root, root.fullMessage(for: error)) }
        let isUsage =
            root.exitCode(for: error) == .validationFailure
            || (error as? CommandFailure)?.isUsage == true
        var sentence = root.message(for: error).split(separator: "\n").joined(separator: " ")
        if sentence.hasSuffix(".") { sentence.removeLast() }
        if isUsage { sentence += "; see \(helpCommand(root))" }
        let line = "\(name(of: root)): \(sentence)\n"
        try? OutputFile.standardError.write(line, patience: patience)
        exit(isUsage ? ExitCode.validationFailure.rawValue : EXIT_FAILURE)
    }

    /// How long a failure waits for a reader: the exit status says it, too.
    private static let patience = Duration.seconds(1)

    /// The help and the version, which end a command well.
    private static func show<Root: ParsableCommand>(_ root: Root.Type, _ text: String) -> Never {
        do {
            try OutputFile.standardOutput.write(text + "\n")
            exit(EXIT_SUCCESS)
        } catch {
            end(root, with: error)
        }
    }

    private static func name<Root: ParsableCommand>(of root: Root.Type) -> String {
        root.configuration.commandName ?? "\(root)"
    }

    /// The help of the command that was called, as far as the words name commands.
    private static func helpCommand<Root: ParsableCommand>(_ root: Root.Type) -> String {
        var words = [name(of: root)]
        var known = root.configuration.subcommands
        for name in CommandLine.arguments.dropFirst() {
            guard let command = known.first(where: { $0.configuration.commandName == name }) else {
                break
            }
            words.append(name)
            known = command.configuration.subcommands
        }
        return (words + ["--help"]).joined(separator: " ")
    }
}
