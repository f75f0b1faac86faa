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
                "To start one: wgw serve --database \(url.shellWord)",
            ] + gateways
        case (_, .postgreSQL(let url)):
            [
                "The servers need the same master key as before.",
                "To start one: wgw serve --database \(url.shellWord)",
            ]
        case (_, .sqlite(let directory)):
            [
                """
                The server needs the master key of the servers before: as \(directory)/master-key, or as \
                WGW_MASTER_KEY.
                """,
                "To start it: wgw serve --data-dir \(directory.shellWord)",
            ]
        }
    }

    private var gateways: [String] {
        guard let node = moved.embeddedNode, node.activity.gatewaysCount > 0 else { return [] }
        let count = node.activity.gatewaysCount
        return [
            """
            \(count == 1 ? "A gateway" : "\(count) gateways") of the old server will wait on the node \(node.name) \
            for the machine at \(node.host), where peers know \(count == 1 ? "it" : "them"). With the server running:
              wgw node token \(node.name.shellWord)    # then, on that machine: wgw node --join TOKEN
            """
        ]
    }
}
