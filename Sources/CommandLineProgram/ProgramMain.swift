package import ArgumentParser
import Glibc

/// A program, from its first instruction to its exit status.
package enum ProgramMain {
    /// The program as a person can start it again from the same folder.
    package static var calledAs: String { CommandLine.arguments.first ?? "wgw" }

    /// A failure is one sentence on standard error, without the usage text that would bury it.
    package static func run<Root: AsyncParsableCommand>(_ root: Root.Type) async {
        StandardDescriptors.fillGaps()
        do {
            // At once: Dispatch stops the process with a trap where it finds no descriptors of its own.
            try OpenFileLimit.check(OpenFileLimit.raise())
            var command = try await root.asyncParseAsRoot()
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
        if let failure = error as? OutputFailure, failure.isReaderGone { endByBrokenPipe() }
        if root.exitCode(for: error) == .success { show(root, root.fullMessage(for: error)) }
        let status = status(for: error, root)
        let unknown = UnknownCommand(in: words, of: root)
        var sentence =
            status == .usage && error as? CommandFailure == nil
            ? unknown?.description ?? root.message(for: error) : root.message(for: error)
        sentence = sentence.split(separator: "\n").joined(separator: " ")
        if sentence.hasSuffix(".") { sentence.removeLast() }
        if status == .usage { sentence += "; see \(helpCommand(root))" }
        try? OutputFile.standardError.write(
            sentence: "\(name(of: root)): \(sentence)",
            patience: patience
        )
        // They stay whole: commands among them are copied.
        let lines = (error as? CommandFailure)?.lines ?? []
        try? OutputFile.standardError.write(errorText(lines), patience: patience)
        exit(status.rawValue)
    }

    /// As a program ends of which `head` has read enough: in silence. The library of the network ignores the signal
    /// from the first connection on.
    private static func endByBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(ExitStatus.failed.rawValue)
    }

    /// The lines may quote a server or a file, which must not reach the terminal's controls.
    package static func errorText(_ lines: [String]) -> String {
        lines.map { $0.withoutControls + "\n" }.joined()
    }

    private static var words: [String] { Array(CommandLine.arguments.dropFirst()) }

    private static func status<Root: ParsableCommand>(
        for error: any Error,
        _ root: Root.Type
    ) -> ExitStatus {
        if let failure = error as? CommandFailure { return failure.status }
        return root.exitCode(for: error) == .validationFailure ? .usage : .failed
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
        let words = [name(of: root)] + UnknownCommand.knownWords(in: words, of: root)
        return (words + ["--help"]).joined(separator: " ")
    }
}
