import ArgumentParser
import LoadGenerator
import NetAddress

/// Of every command that plays peers: which ones, towards which gateway, from where, and how it reports.
struct PlayerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The directory that wgw-bench config has written.", valueName: "dir")
    )
    var dir: String

    @Option(help: ArgumentHelp("Where the gateway of its peers listens.", valueName: "host:port"))
    var target: String

    @Option(help: ArgumentHelp("Processor to stay on. (default: the last)", valueName: "number"))
    var cpu: UInt32?

    @Flag(help: "Print one JSON object.")
    var json = false

    func resolveTarget() throws -> Endpoint { try TargetAddress.resolve(target) }

    func chooseProcessor() throws -> UInt32? { try Processors.choose(cpu) }
}
