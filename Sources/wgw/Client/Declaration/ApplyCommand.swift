import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDeclaration

/// `wgw apply`: makes the server as a file declares it.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make networks, gateways and peers as a file declares them.",
        discussion: """
            wgw apply -f net.yaml --dry-run   shows what it would do: + make, ~ change, - delete
            wgw apply -f net.yaml             does it; a second time changes nothing
            wgw export | wgw apply -f -       reads standard input

            The file is YAML or JSON, as wgw export writes it:

              version: 1
              networks:
              - name: office
              gateways:
              - name: berlin
                network: office
                region_code: local
              peers:
              - name: laptop
                gateway: berlin
                public_key: (what wg pubkey prints)

            An object is found by its name; a peer also by its public key, so that its name can be \
            changed; any object by an id beside its name. What the file leaves out of an object stays as \
            it is, and null takes a value away. What the file does not name at all stays, too, unless \
            --prune is given: then it is deleted, if the file has a list of its kind.

            A peer without a public_key needs --configs: its key pair is made here, and its complete \
            config is written to FOLDER/NAME.conf, for you alone.

            A file with a mistake changes nothing: the server is asked first what it would refuse, for --dry-run, \
            too. A run that was stopped in the middle is finished by the next one.
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file; - is standard input.", valueName: "file"),
        completion: .file()
    )
    var file: String

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Delete what the file's lists do not name.")
    var prune = false

    @Flag(name: .shortAndLong, help: "Do not ask before --prune deletes something.")
    var yes = false

    @Option(
        help: ArgumentHelp("Where configs of new peers are written.", valueName: "folder"),
        completion: .directory
    )
    var configs: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "jsonl prints each step as an object on a line, for programs.",
            valueName: "format"
        ),
        completion: .list(["jsonl"])
    )
    var output: String?

    @OptionGroup(title: "Server") var server: ServerOptions

    func validate() throws {
        guard let output, output != "jsonl" else { return }
        throw ValidationError("-o of apply takes jsonl, not '\(output)'")
    }

    func run() async throws {
        let source = DeclarationFile(path: file)
        let declaration = Declaration.read(try source.read())
        do {
            try await server.withClient { client in
                try await run(client, declaration, source)
            }
        } catch let mistaken as MistakenDeclaration {
            throw mistaken.failure
        } catch {
            guard !declaration.mistakes.isEmpty else { throw error }
            // The server, which was not reached, would only have been asked for more mistakes.
            throw MistakenDeclaration(source, declaration.mistakes).failure
        }
    }

    private func run(
        _ client: GatewayClient,
        _ declaration: Declaration,
        _ source: DeclarationFile
    ) async throws {
        let plan = try await plan(client, declaration, source)
        try await rehearse(plan, source, client)
        let report = ApplyReport(source: source, isForPrograms: output != nil)
        guard !dryRun else { return try report.show(plan) }
        try confirm(plan, report)
        let keys = try configs.map { path throws(CommandFailure) in try PeerKeyFolder(path) }
        if let keys { try await KeylessPeers.finishConfigs(of: plan, in: keys, client) }
        try await StopRequest.listening { stop in
            try await carryOut(plan, PlanRun(client: client, keys: keys), report, stop)
        }
    }

    /// A caller that may only look is shown what differs all the same.
    private func rehearse(
        _ plan: Plan,
        _ source: DeclarationFile,
        _ client: GatewayClient
    ) async throws {
        do {
            let refusals = try await PlanRehearsal.refusals(of: plan, client)
            guard refusals.isEmpty else { throw MistakenDeclaration(source, refusals) }
        } catch ClientError.refused(let refusal) where refusal.status == 403 && dryRun {
            try OutputFile.standardError.write(
                sentence: "wgw: this key may change nothing, so the server has not checked the file"
            )
        }
    }

    private func carryOut(
        _ plan: Plan,
        _ plannedRun: PlanRun,
        _ report: ApplyReport,
        _ stop: StopRequest
    ) async throws {
        var run = plannedRun
        for (done, step) in plan.steps.enumerated() {
            let rest =
                "\(done) of \(plan.steps.count) changes are made; the same command makes the rest"
            guard !stop.isPending else { throw CommandFailure("stopped; \(rest)") }
            do {
                try report.tellDone(step, config: try await run.carryOut(step))
            } catch let error as ClientError {
                let place = report.place(of: step)
                var sentence = "\(place): \(error)"
                if sentence.hasSuffix(".") { sentence.removeLast() }
                throw CommandFailure("\(sentence); \(rest)", CommandFailure.status(error))
            }
        }
        try report.tellEnd(plan)
    }

    private func plan(
        _ client: GatewayClient,
        _ declaration: Declaration,
        _ source: DeclarationFile
    ) async throws -> Plan {
        var state = try await ServerState.read(client)
        var (plan, mistakes) = Plan.make(declaration, for: state, prunes: prune)
        if mistakes.isEmpty, !plan.idsWithUnknownSecrets.isEmpty {
            try await state.readSecrets(of: plan.idsWithUnknownSecrets, client)
            (plan, mistakes) = Plan.make(declaration, for: state, prunes: prune)
        }
        mistakes += KeylessPeers.mistakes(in: plan, hasFolder: configs != nil)
        guard mistakes.isEmpty else { throw MistakenDeclaration(source, mistakes) }
        return plan
    }

    private func confirm(_ plan: Plan, _ report: ApplyReport) throws {
        guard !plan.deletions.isEmpty, !yes else { return }
        guard Question.canBeAsked else {
            throw CommandFailure.usage(
                "--prune would delete \(PlanText.deletions(plan)), which takes a yes at a terminal; see them with --dry-run, and say --yes"
            )
        }
        try report.showSteps(plan)
        guard try Question.isAnsweredYes("\(PlanText.summary(plan)). Go on?") else {
            throw CommandFailure("nothing was changed, as the answer was not yes")
        }
    }
}
