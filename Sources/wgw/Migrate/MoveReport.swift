import GatewayDomain
import GatewayStore

/// What `wgw migrate` has done, and what is left to do.
struct MoveReport {
    private let moved: Transfer.Moved
    private let from: DatabaseAddress
    private let to: DatabaseAddress

    init(_ moved: Transfer.Moved, from: DatabaseAddress, to: DatabaseAddress) {
        self.moved = moved
        self.from = from
        self.to = to
    }

    var text: String { table + "\n" + ([done] + next).joined(separator: "\n") + "\n" }

    private var table: String {
        var table = Table(heads: ["TABLE", "ROWS"], hasHeader: true, screen: .output)
        return table.text(of: moved.counts.map { [.text($0.table), .number($0.rows)] })
    }

    private var done: String {
        let rows = moved.counts.reduce(0) { $0 + $1.rows }
        return """
            Moved \(rows) row\(rows == 1 ? "" : "s"), and compared every one. The old database is as it was; start no \
            server on it again.
            """
    }

    private var next: [String] {
        switch (from, to) {
        case (.sqlite(let directory), .postgreSQL(let url)):
            [
                """
                The servers need its master key: give each the file \(directory)/master-key in its data \
                directory, or what is in it as WGW_MASTER_KEY.
                """,
                """
                API keys stay as they are. Commands on a machine without the file \(directory)/api-key take one \
                from WGW_API_KEY.
                """,
                "To start one: wgw serve --database \(url.shellWord)",
            ] + gateways
        case (_, .postgreSQL(let url)):
            [
                "The servers need the same master key as before, and API keys stay as they are.",
                "To start one: wgw serve --database \(url.shellWord)",
            ]
        case (_, .sqlite(let directory)):
            [
                """
                The server needs the master key of the servers before: as \(directory)/master-key, or as \
                WGW_MASTER_KEY.
                """,
                """
                API keys stay as they are. Commands find one in \(directory)/api-key, where you put it there, or take \
                it from WGW_API_KEY.
                """,
                "To start it: wgw serve --data-dir \(directory.shellWord)",
            ] + gatewaysElsewhere
        }
    }

    private var gateways: [String] {
        guard let node = moved.embeddedNode, node.activity.gatewaysCount > 0 else { return [] }
        let count = node.activity.gatewaysCount
        return [
            """
            \(count == 1 ? "A gateway" : "\(count) gateways") of the old server will wait on the node \(node.name) \
            for the machine at \(node.host), where peers know \(count == 1 ? "it" : "them"). With the server running:
              wgw node token \(node.name.shellWord)
            Then on that machine, with a data directory of the node's own:
              wgw node --data-dir wgw-node --join TOKEN
            """
        ]
    }

    private var gatewaysElsewhere: [String] {
        let count = moved.gatewaysElsewhere
        guard count > 0 else { return [] }
        return [
            """
            \(count == 1 ? "A gateway stays on its node" : "\(count) gateways stay on their nodes"), which wgw node \
            carries as before. The server makes a node of its own at its first start, embedded or, where that name is \
            taken, embedded-2 (wgw node list). To bring a gateway there:
              wgw gateway move GATEWAY --node NODE
            """
        ]
    }
}
