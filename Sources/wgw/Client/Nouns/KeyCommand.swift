import ArgumentParser

/// `wgw key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: KeyNoun.word,
        abstract: "What programs and people prove themselves with to the API.",
        subcommands: [
            ListCommand<KeyNoun, NoFilter>.self, GetCommand<KeyNoun>.self,
            KeyCreateCommand.self, DeleteCommand<KeyNoun>.self, WatchCommand<KeyNoun>.self,
        ]
    )
}
