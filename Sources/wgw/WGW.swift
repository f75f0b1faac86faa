import ArgumentParser
import CommandLineProgram

@main
struct WGW: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wgw",
        abstract: "Private networks over WireGuard, made by an HTTP API.",
        discussion: """
            One process is the API, its store and the gateways that carry the packets. It needs no \
            root, no TUN device and no kernel module.
            """,
        version: ProgramVersion.current.text,
        subcommands: [ServeCommand.self, HubCommand.self, ShowCommand.self]
    )

    static func main() async { await ProgramMain.run(WGW.self) }
}
