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
        let start = try from.map { text throws(CommandFailure) in try Self.time(text, "--from") }
        let end = try to.map { text throws(CommandFailure) in try Self.time(text, "--to") }
        if let start, let end, start >= end {
            throw CommandFailure.usage("--to must be later than --from")
        }
        if let start { parameters.append(("from", "\(start)")) }
        if let end { parameters.append(("to", "\(end)")) }
        var filters: [(name: String, value: String)] = []
        if let network {
            let id = try await NetworkNoun.usageID(network, client)
            filters.append((UsageMembers.networkID.name, id))
        }
        if let gateway {
            let id = try await GatewayNoun.usageID(gateway, client)
            filters.append((UsageMembers.gatewayID.name, id))
        }
        if let peer {
            let id = try await PeerNoun.usageID(peer, client)
            filters.append((UsageMembers.peerID.name, id))
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

    private static func time(
        _ text: String,
        _ option: String
    ) throws(CommandFailure) -> Timestamp {
        if let month = CalendarMonth(text) { return month.start }
        if let span = TimeSpan(argument: text) {
            return Timestamp.now().advanced(bySeconds: -span.seconds)
        }
        if let time = Timestamp(text), Timestamp.ofCalendars.contains(time) { return time }
        throw .usage(
            "\(option) must be a month like 2026-11, \(TimeSpan.form), or a time like 2027-01-31T12:00:00Z"
        )
    }
}

extension NamedNoun {
    /// An id is taken as it is: what is deleted has usage all the same.
    fileprivate static func usageID(
        _ text: String,
        _ client: GatewayClient
    ) async throws -> String {
        if let id = Identifier<Kind>(text) { return "\(id)" }
        return Self.id(of: try await find(text, client))
    }
}
