import ArgumentParser

/// `wgw region`.
struct RegionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: RegionNoun.word,
        abstract: "The places where gateways can be made.",
        subcommands: [ListCommand<RegionNoun, NoFilter>.self]
    )
}
