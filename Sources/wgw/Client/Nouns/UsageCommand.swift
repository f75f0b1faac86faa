import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService

/// `wgw usage`.
struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: UsageNoun.word,
        abstract: "Who sent and received how much, by the hour, day or month.",
        discussion: """
            Bytes are those of whole IP packets inside of the tunnel. Without options it is one sum of this month \
            so far.
            """,
        subcommands: [ListCommand<UsageNoun, UsageOptions>.self],
        defaultSubcommand: ListCommand<UsageNoun, UsageOptions>.self
    )
}

struct UsageOptions: ListFilter {
    @Option(
        help: ArgumentHelp(
            "What sums are told apart by, separated by commas: \(Self.words).",
            valueName: "words"
        )
    )
    var by: String?

    @Option(
        help: "Only usage of this network, by name or id.",
        completion: .names(of: NetworkNoun.self)
    )
    var network: String?

    @Option(
        help: "Only usage of this gateway, by name or id.",
        completion: .names(of: GatewayNoun.self)
    )
    var gateway: String?

    @Option(
        help: "Only usage of this peer, by name or id.",
        completion: .names(of: PeerNoun.self)
    )
    var peer: String?

    @Option(
        help: ArgumentHelp(
            "From the beginning of this month or hour: 2026-11, a length of time before now, like 7d, or RFC 3339.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Up to this month or hour, which is left out, in the forms of --from.",
            valueName: "time"
        )
    )
    var to: String?

    private static let words = UsageGrouping.allCases.map(\.rawValue).joined(separator: ", ")

    func queries(_ client: GatewayClient) async throws -> [ListQuery] {
        var parameters: [(name: String, value: String)] = []
        if let by { parameters.append(("group_by", try Self.groups(by))) }
        if let from { parameters.append(("from", try Self.time(from, "--from"))) }
        if let to { parameters.append(("to", try Self.time(to, "--to"))) }
        var filters: [(name: String, value: String)] = []
        if let network {
            filters.append((UsageMembers.networkID.name, try await NetworkNoun.id(network, client)))
        }
        if let gateway {
            filters.append((UsageMembers.gatewayID.name, try await GatewayNoun.id(gateway, client)))
        }
        if let peer {
            filters.append((UsageMembers.peerID.name, try await PeerNoun.id(peer, client)))
        }
        return [ListQuery(filters, parameters: parameters)]
    }

    private static func groups(_ text: String) throws(CommandFailure) -> String {
        let known = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { UsageGrouping(rawValue: String($0)) }
        let groups = known.compactMap { $0 }
        guard groups.count == known.count, Set(groups).count == groups.count,
            groups.filter(UsageGrouping.periods.contains).count <= 1
        else {
            throw .usage(
                "--by takes some of \(words), separated by commas, and one of hour, day and month only"
            )
        }
        return text
    }

    private static func time(_ text: String, _ option: String) throws(CommandFailure) -> String {
        if let month = CalendarMonth(text) { return "\(month.start)" }
        if let span = TimeSpan(argument: text) {
            return "\(Timestamp.now().advanced(bySeconds: -span.seconds))"
        }
        if let time = Timestamp(text) { return "\(time)" }
        throw .usage(
            "\(option) must be a month like 2026-11, \(TimeSpan.form), or a time like 2027-01-31T12:00:00Z"
        )
    }
}

extension NamedNoun {
    /// An id is taken as it is: what is deleted has usage all the same.
    fileprivate static func id(_ text: String, _ client: GatewayClient) async throws -> String {
        if let id = Identifier<Kind>(text) { return "\(id)" }
        return id(of: try await find(text, client))
    }
}
