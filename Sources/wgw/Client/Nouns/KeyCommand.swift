import ArgumentParser

/// `wgw key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: KeyNoun.word,
        abstract: "API keys, by which programs and people prove who they are to the API.",
        subcommands: [
            ListCommand<KeyNoun, NoFilter>.self, GetCommand<KeyNoun>.self,
            KeyCreateCommand.self, DeleteCommand<KeyNoun>.self, WatchCommand<KeyNoun>.self,
        ]
    )
}
