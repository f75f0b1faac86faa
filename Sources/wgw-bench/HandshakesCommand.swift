import ArgumentParser
import CommandLineProgram
import LoadGenerator
import NetAddress
import WireGuardCrypto

struct HandshakesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "Start many handshakes at once, and measure how a hub bears it.",
        discussion: """
            Three parts of --seconds each: a stream of packets of the first pair, a storm of \
            handshakes of the other pairs, and both at once. With --attack, initiations that no hub \
            should complete come with every storm.

            A hub under load admits 20 handshakes a second from one address. Towards this machine, \
            every peer has an address of its own in 127.64.0.0/10; towards another, give it a prefix \
            of addresses that this machine has with --sources.

            Attacks: invalid-mac does not know the hub's public key; no-cookie knows it and never \
            proves its address; random proves its addresses, and sends noise.

            Everything runs on one processor: keep the hub off it.
            """
    )

    @OptionGroup
    var player: PlayerOptions

    @Option(help: ArgumentHelp("Handshakes a second that peers start.", valueName: "n"))
    var rate: Double?

    @Flag(help: "As many handshakes as the hub completes.")
    var max = false

    @Option(help: ArgumentHelp("How long each part takes.", valueName: "s"))
    var seconds = 5.0

    @Option(help: ArgumentHelp("Pairs to use. (default: all)", valueName: "n"))
    var pairs: Int?

    @Option(help: "What an attacker sends.")
    var attack: InitiationFlood.Attack?

    @Option(help: ArgumentHelp("The attacker's initiations a second.", valueName: "n"))
    var attackRate = 50_000.0

    @Option(help: ArgumentHelp("Where the peers' addresses are taken from.", valueName: "cidr"))
    var sources: String?

    @Option(help: ArgumentHelp("The hub's process, to account for its CPU time.", valueName: "pid"))
    var gatewayPid: Int32?

    func run() throws {
        Cipher.choose()
        guard (rate != nil) != max else {
            throw CommandFailure("give either --rate, or --max for as many as the hub completes")
        }
        var options = HandshakeOptions(target: try player.resolveTarget())
        options.rate = rate
        options.seconds = seconds
        options.attack = attack
        options.attackRate = attackRate
        options.sources = try readSources()
        options.processor = try player.chooseProcessor()
        options.gatewayPID = gatewayPid
        if let pairs, pairs < 1 { throw CommandFailure("--pairs takes 1 or more") }
        let (gateways, peers) = try BenchDirectory(player.dir).read(pairs: pairs)
        guard gateways.first == gateways.second else {
            throw CommandFailure(
                "\(player.dir) has peers of two gateways; handshakes are measured at one"
            )
        }
        let report = try HandshakeCourse.run(options, hub: gateways.first, peers: peers)
        try report.print(asJSON: player.json)
    }

    private func readSources() throws(CommandFailure) -> IPv4Prefix? {
        guard let sources else { return nil }
        do {
            return try IPv4Prefix(sources)
        } catch .malformed {
            throw CommandFailure(
                "--sources '\(sources)' is not understood; write it like 10.0.0.0/24"
            )
        } catch {
            throw CommandFailure("--sources: \(error)")
        }
    }
}

extension InitiationFlood.Attack: ExpressibleByArgument {}
