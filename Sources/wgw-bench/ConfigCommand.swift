import ArgumentParser
import CommandLineProgram
import LoadGenerator
import NetAddress

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Write a hub's config file and the keys of its peers.",
        discussion: """
            DIR/gateway.conf is for wgw hub and for wg setconf. It names the gateway's own address \
            in a comment, since wg setconf takes none.
            """
    )

    @Option(help: ArgumentHelp("Pairs of peers: the first sends to the second.", valueName: "n"))
    var pairs: Int

    @Option(help: ArgumentHelp("The hub's UDP port.", valueName: "port"))
    var listenPort: UInt16

    @Option(
        help: ArgumentHelp(
            "Tunnel addresses: the first is the gateway's, then one for each peer.",
            valueName: "cidr"
        )
    )
    var subnet: String

    @Option(
        help: ArgumentHelp(
            "Wider prefixes, spread over the peers, so that the routing table is a full one.",
            valueName: "n"
        )
    )
    var extraRoutes = 0

    @Option(help: ArgumentHelp("Where both files go; made when it is not there.", valueName: "dir"))
    var out: String

    func run() throws {
        let plan = try BenchPlan(
            pairs: pairs,
            listenPort: listenPort,
            subnet: try readSubnet(),
            extraRoutes: extraRoutes
        )
        let directory = BenchDirectory(out)
        try directory.write(plan)
        try OutputFile.standardOutput.write(
            "\(directory.gatewayFile): a hub with \(plan.peerCount) peers\n"
        )
    }

    private func readSubnet() throws(CommandFailure) -> IPv4Prefix {
        do {
            return try IPv4Prefix(subnet)
        } catch .malformed {
            throw CommandFailure(
                "--subnet '\(subnet)' is not understood; write it like 10.64.0.0/15"
            )
        } catch {
            throw CommandFailure("--subnet: \(error)")
        }
    }
}
