import ArgumentParser
import CommandLineProgram

/// `wgw doctor`: whether the server can be reached, and this machine carries what gateways want to carry.
/// `wgw doctor laptop`: what the server knows of how a peer does.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Say what is wrong with a peer, or with the server and this machine, and what to do.",
        discussion: """
            With a peer it prints what the server has found about that peer, the worst first.

            Without one it asks the server for its version, its clock and the addresses that configs name. Where it \
            runs on this machine, its UDP ports, socket buffers, lost datagrams and limit of open files are looked \
            at as well, and batches of datagrams are tried: from this machine to itself, and one of two datagrams \
            that goes no further than the router of the default route. With sudo it sees which programs have the \
            ports.

            Something that is an error makes the exit status 1; a warning does not.
            """
    )

    @Argument(help: "The peer to look at, by name or id.", completion: .names(of: PeerNoun.self))
    var peer: String?
    @OptionGroup(title: "Output") var output: ReportOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run() async throws {
        let report = try Report(as: output.output)
        guard let peer else { return try await MachineCheck.run(server, report) }
        try await server.withClient { try await PeerCheck.run(peer, report, $0) }
    }
}
