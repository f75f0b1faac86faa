import ArgumentParser
import CommandLineProgram
import LoadGenerator
import WireGuardCrypto

struct FairnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairness",
        abstract: "Measure what a busy tenant leaves of what a neighbour on its node had.",
        discussion: """
            Four parts of --seconds each: all that the neighbour's first pair gets through its \
            gateway; a part of that at an even rate; the same beside packets of all of the tenant's \
            peers; and the same beside handshakes of the tenant, those of its peers and those of an \
            attacker who knows its gateway.

            --dir and --target are the neighbour's. Both gateways are on one node. Everything runs \
            on one processor: keep the node off it.
            """
    )

    @OptionGroup
    var player: PlayerOptions

    @Option(help: ArgumentHelp("The tenant's directory.", valueName: "dir"))
    var tenantDir: String

    @Option(help: ArgumentHelp("Where the tenant's gateway listens.", valueName: "host:port"))
    var tenantTarget: String

    @Option(
        help: ArgumentHelp(
            "What the neighbour sends, of what it gets alone: 0.4 is 40 percent.",
            valueName: "part"
        )
    )
    var share = 0.4

    @Option(help: ArgumentHelp("How long each part takes.", valueName: "s"))
    var seconds = 5.0

    @Option(help: ArgumentHelp("The tenant's packets under way at most.", valueName: "n"))
    var window = 16_384

    @Option(help: ArgumentHelp("The attacker's initiations a second.", valueName: "n"))
    var attackRate = 50_000.0

    func run() throws {
        Cipher.choose()
        var options = FairnessOptions(
            neighbour: try player.resolveTarget(),
            tenant: try TargetAddress.resolve(tenantTarget, of: "--tenant-target")
        )
        options.share = share
        options.seconds = seconds
        options.window = window
        options.attackRate = attackRate
        options.processor = try player.chooseProcessor()
        let report = try FairnessCourse.run(
            options,
            neighbour: try site(player.dir, pairs: 1),
            tenant: try site(tenantDir, pairs: nil)
        )
        try report.print(asJSON: player.json)
    }

    private func site(_ path: String, pairs: Int?) throws -> FairnessCourse.Site {
        let (gateways, peers) = try BenchDirectory(path).read(pairs: pairs)
        guard gateways.first == gateways.second else {
            throw CommandFailure("\(path) has peers of two gateways; fairness is measured with one")
        }
        return FairnessCourse.Site(gateway: gateways.first, peers: peers)
    }
}
