import APIContract
import GatewayClient

/// What stands below gateways and peers: nodes and links, each with the columns of its own command that fit beside
/// each other on a terminal of 80 columns.
struct StatusTables {
    private static let nodeColumns = ["name", "state", "regions", "gateways", "load", "last-seen"]
    private static let linkColumns = ["from", "to", "state", "round-trip", "loss", "via"]

    let hasHeader: Bool
    let screen: Screen

    /// The server alone needs no table.
    func nodes(_ nodes: [Decoded<NodeMembers>]) -> String {
        nodes.count > 1 ? table(of: nodes, NodeNoun.self, "NODE", Self.nodeColumns, .empty) : ""
    }

    func links(
        _ links: [Decoded<BackboneLinkMembers>],
        _ client: GatewayClient
    ) async throws -> String {
        guard !links.isEmpty else { return "" }
        let columns = LinkNoun.columns.filter { Self.linkColumns.contains($0.name) }
        let names = try await NameBook.reading(columns.needs(), client)
        return table(of: links, LinkNoun.self, "LINK", Self.linkColumns, names)
    }

    private func table<N: Noun>(
        of answers: [N.Answer],
        _ noun: N.Type,
        _ title: String,
        _ names: [String],
        _ book: NameBook
    ) -> String {
        let columns = names.compactMap { name in noun.columns.first { $0.name == name } }
        let heads = [title] + columns.dropFirst().map(\.head)
        var table = Table(
            heads: heads,
            shortHeads: heads,
            hasHeader: hasHeader,
            screen: screen
        )
        return table.text(of: answers.map { answer in columns.map { $0.cell(answer, book) } })
            + "\n"
    }
}
