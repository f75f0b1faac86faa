import ArgumentParser
import CommandLineProgram

/// `wgw doctor`: whether the server can be reached, and this machine carries what gateways want to carry.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the server and this machine, and say what to do.",
        discussion: """
            Asks the server for its version, its clock and the addresses that configs name. Where it runs on \
            this machine, its UDP ports, socket buffers, lost datagrams and limit of open files are looked at as \
            well, and batches of datagrams are tried: from this machine to itself, and one of two datagrams that \
            goes no further than the router of the default route.

            With sudo it sees which programs have the ports. Something that is an error makes the exit status 1; a \
            warning does not.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("table, json, jsonl, yaml or name.", valueName: "format"),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let format = try output.map(OutputFormat.init(named:)) ?? .table
        let asked = await ServerChecks.run(server)
        let report = DoctorReport(results: asked + (await MachineChecks.run(besides: asked)))
        try OutputFile.standardOutput.write(report.text(format, on: .output))
        let errors = report.results.count { $0.severity == .error }
        guard errors == 0 else {
            throw CommandFailure(
                errors == 1
                    ? "one check is an error; the report says what to do"
                    : "\(errors) checks are errors; the report says what to do"
            )
        }
    }
}
