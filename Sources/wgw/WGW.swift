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

            Begin with two commands, each in a terminal of its own:
              wgw serve                 starts the server
              wgw peer create laptop    makes what is missing, and prints a config
            """,
        version: ProgramVersion.current.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Every day",
                subcommands: [
                    StatusCommand.self, TopCommand.self, WaitCommand.self, PortalCommand.self,
                ]
            ),
            CommandGroup(
                name: "Objects of a server",
                subcommands: [
                    NetworkCommand.self, GatewayCommand.self, PeerCommand.self, ShareCommand.self,
                    RouteCommand.self, InternetGatewayCommand.self, ServiceCommand.self,
                    NodeCommand.self, LinkCommand.self, RegionCommand.self, CoverageCommand.self,
                    OrganizationCommand.self,
                    KeyCommand.self, UserCommand.self, SessionCommand.self, EventCommand.self,
                    UsageCommand.self, CostsCommand.self, LimitsCommand.self,
                    WebhookCommand.self,
                ]
            ),
            CommandGroup(name: "Which server", subcommands: [ContextCommand.self]),
            CommandGroup(
                name: "Many objects at once",
                subcommands: [ExportCommand.self, ApplyCommand.self, ImportCommand.self]
            ),
            CommandGroup(
                name: "What is wrong",
                subcommands: [DoctorCommand.self, ExplainCommand.self]
            ),
            CommandGroup(
                name: "On this machine",
                subcommands: [
                    ServeCommand.self, HubCommand.self, ConnectCommand.self, ShowCommand.self,
                    BackupCommand.self, RestoreCommand.self, MigrateCommand.self,
                    CompletionCommand.self,
                ]
            ),
        ]
    )

    static func main() async { await ProgramMain.run(WGW.self) }
}
