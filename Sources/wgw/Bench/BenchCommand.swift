import ArgumentParser

/// `wgw bench`: the load generator, which works against any WireGuard hub.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a WireGuard hub, ours or another.",
        discussion: """
            config writes a hub's config file and the keys of its peers; start the hub with that \
            file, then let run play the peers, or handshakes their storm. floor measures what the \
            same packets cost on this machine without any hub.
            """,
        subcommands: [
            BenchConfigCommand.self, BenchRunCommand.self, BenchHandshakesCommand.self,
            BenchFloorCommand.self,
        ]
    )
}
