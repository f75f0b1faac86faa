import ArgumentParser
import CommandLineProgram

/// `wgw completion bash`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completions for a shell: commands, options and names of live objects.",
        discussion: """
            bash   wgw completion bash > ~/.local/share/bash-completion/completions/wgw
            zsh    wgw completion zsh > ~/.zfunc/_wgw, with ~/.zfunc in fpath
            fish   wgw completion fish > ~/.config/fish/completions/wgw.fish

            Names come from the server that a command would ask, if it answers within two seconds.
            """
    )

    @Argument(
        help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"),
        completion: .list(["bash", "zsh", "fish"])
    )
    var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw CommandFailure.usage("wgw completion takes bash, zsh or fish, not '\(shell)'")
        }
        try OutputFile.standardOutput.write(WGW.completionScript(for: shell) + "\n")
    }
}
