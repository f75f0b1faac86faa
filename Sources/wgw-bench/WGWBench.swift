import ArgumentParser
import CommandLineProgram

/// The load generator, which works against any WireGuard hub.
@main
struct WGWBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wgw-bench",
        abstract: "Measure a WireGuard hub, ours or another.",
        discussion: """
            config writes a hub's config file and the keys of its peers; start the hub with that \
            file, then let run play the peers, handshakes their storm, or fairness two tenants of one node. floor measures what the \
            same packets cost on this machine without any hub.
            """,
        version: ProgramVersion.current.text,
        subcommands: [
            ConfigCommand.self, RunCommand.self, HandshakesCommand.self, FairnessCommand.self,
            FloorCommand.self,
        ]
    )

    static func main() async { await ProgramMain.run(WGWBench.self) }
}
