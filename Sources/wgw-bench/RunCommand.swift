import ArgumentParser
import CommandLineProgram
import LoadGenerator
import WireGuardCrypto

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Send packets between pairs of peers through a hub, and measure it.",
        discussion: """
            Without --rate, packets are sent as fast as the hub forwards them. Figures are those of \
            inner packets that arrived; 1 GB is 10^9 bytes of them. Everything runs on one \
            processor: keep the hub off it.
            """
    )

    enum Streams: String, ExpressibleByArgument, CaseIterable {
        case oneWay = "one-way"
        case bothWays = "both-ways"
    }

    @OptionGroup
    var player: PlayerOptions

    @Option(
        help: ArgumentHelp(
            "Where the gateway of the second peers listens. (default: the target)",
            valueName: "host:port"
        )
    )
    var secondTarget: String?

    @Option(help: ArgumentHelp("Pairs that send. (default: all)", valueName: "n"))
    var pairs: Int?

    @Option(help: ArgumentHelp("Size of the inner packets.", valueName: "bytes"))
    var size = 1420

    @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
    var seconds = 10.0

    @Option(help: ArgumentHelp("Packets a second. (default: what the hub takes)", valueName: "pps"))
    var rate: Double?

    @Option(help: "Who sends: the first of each pair, or both.")
    var streams = Streams.oneWay

    @Option(help: ArgumentHelp("Packets of one pair that leave together.", valueName: "n"))
    var burst = 32

    @Option(help: ArgumentHelp("Most packets under way, without --rate.", valueName: "n"))
    var window = 1024

    @Option(help: ArgumentHelp("Open and check one packet in n; 1 is all of them.", valueName: "n"))
    var verify = 16

    @Option(help: ArgumentHelp("Sockets that the peers of one side share.", valueName: "n"))
    var sockets = 1

    @Option(help: ArgumentHelp("The hub's process, to account for its CPU time.", valueName: "pid"))
    var gatewayPid: Int32?

    func run() throws {
        Cipher.choose()
        var options = LoadOptions(target: try player.resolveTarget())
        if let secondTarget {
            options.targets.second = try TargetAddress.resolve(secondTarget, of: "--second-target")
        }
        options.size = size
        options.seconds = seconds
        options.rate = rate
        options.bothWays = streams == .bothWays
        options.burst = burst
        options.window = window
        options.verifyEvery = verify
        options.sockets = sockets
        options.processor = try player.chooseProcessor()
        options.gatewayPID = gatewayPid
        if let pairs, pairs < 1 { throw CommandFailure("--pairs takes 1 or more") }
        let (gateways, peers) = try BenchDirectory(player.dir).read(pairs: pairs)
        let report = try LoadRun.run(options, gateways: gateways, peers: peers)
        try report.print(asJSON: player.json)
    }
}
