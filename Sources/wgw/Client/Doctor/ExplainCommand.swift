import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import NetAddress

/// `wgw explain laptop phone`: what becomes of a packet, step by step.
struct ExplainCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Follow a packet from one peer to another, step by step.",
        discussion: """
            Says of each step whether it works, fails, or is not known to the server. No packet is \
            sent. The exit status is 1 where a step fails. What becomes of an answer is told by the \
            same command with the two exchanged.
            """
    )

    @Argument(
        help: "The peer that sends, by name, id or tunnel address.",
        completion: .names(of: PeerNoun.self)
    )
    var from: String

    @Argument(
        help: "The peer that receives, by name, id or tunnel address, or any other address.",
        completion: .names(of: PeerNoun.self)
    )
    var to: String

    @Option(
        help: "The network that both are in, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    @OptionGroup(title: "Output") var output: ReportOptions
    @OptionGroup(title: "Server") var server: ServerOptions

    func run(_ client: GatewayClient) async throws {
        let report = try Report(as: output.output)
        let network = try await networkID(client)
        let path = try await explanation(in: network, client)
        let failed = path.steps.filter { $0.outcome == .failed }
        try report.print(path.json, names: failed.map(\.condition.text)) { page in
            let ends = "\(path.from.title) → \(path.to.title)"
            page.head(ends, path.outcome.text, path.outcome.mood)
            page.gap()
            for step in path.steps { page.add(step) }
        }
        guard path.outcome == .failed else { return }
        throw CommandFailure("a packet does not arrive; do what the failed steps say")
    }

    /// What names no peer is told in the words of the command.
    private func explanation(
        in network: NetworkID,
        _ client: GatewayClient
    ) async throws -> Decoded<PathExplanationMembers> {
        do throws(ClientError) {
            return try await client.explanation(in: network, from: from, to: to)
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            let ends = ["from": from, "to": to]
            let text = refusal.text { parameter in
                ends[parameter].map { "'\($0.withoutControls)'" }
            }
            throw CommandFailure(text, CommandFailure.status(error))
        }
    }

    /// The only one, or that of the peer that sends.
    private func networkID(_ client: GatewayClient) async throws -> NetworkID {
        if let network { return try await NetworkNoun.find(network, client).id }
        var networks: [NetworkNoun.Answer] = []
        for try await page in client.pages(of: .networks) { networks += page }
        if networks.count > 1, IPAddress(from) == nil {
            let peer = try await PeerNoun.find(from, client)
            return try await client.get(.gateways, peer.gatewayID).networkID
        }
        let only = try OnlyOne.of(networks, "networks") {
            "wgw explain \(from.shellWord) \(to.shellWord) --network \($0.id)"
        }
        guard let only else { throw CommandFailure("there is no network yet", .notFound) }
        return only.id
    }
}

extension ReportPage {
    fileprivate mutating func add(_ step: Part<PathStep>) {
        paragraph(
            step.message,
            behind: [
                (step.outcome.text, 7, TextStyle(step.outcome.mood)),
                (step.condition.text, 15, .plain),
            ]
        )
        if let next = step.nextStep { paragraph(next, behind: [("→", 1, .head)], indent: 23) }
    }
}

extension PathEnd {
    fileprivate var title: String { name.map { "\($0) (\(address))" } ?? address }
}

extension Word<PathStep.Outcome> {
    fileprivate var mood: Cell.Mood {
        switch known {
        case .ok: .good
        case .failed: .bad
        case .unknown: .waiting
        case nil: .plain
        }
    }
}
