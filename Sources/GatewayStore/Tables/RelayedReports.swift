package import GatewayDomain

/// What nodes have said to one of several servers, for the others, which keep it in memory as that one does. Every statement
/// about it is here.
package enum RelayedReports {
    package struct Relayed: Sendable {
        /// In the order of the commits.
        package let number: Int64
        package let nodeID: NodeID
        /// Which has it from the node.
        package let server: String
        /// Where the report came from.
        package let source: String?
        package let content: [UInt8]

        package init(
            number: Int64,
            nodeID: NodeID,
            server: String,
            source: String?,
            content: [UInt8]
        ) {
            self.number = number
            self.nodeID = nodeID
            self.server = server
            self.source = source
            self.content = content
        }
    }

    /// - Parameter relayed: its number is given here.
    package static func insert(
        _ relayed: Relayed,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO relayed_report (number, node_id, server, source, relayed_at, content)
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM relayed_report), \(relayed.nodeID),
                \(relayed.server), \(relayed.source), \(time), \(relayed.content))
            """
        )
    }

    /// The newest one has the number that the next one follows, and stays.
    package static func trim(
        olderThan time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM relayed_report WHERE relayed_at < \(time)
                AND number < (SELECT max(number) FROM relayed_report)
            """
        )
    }

    package static func newest(_ db: any SQLConnection) throws(StoreError) -> Int64 {
        Int64(try db.number("SELECT coalesce(max(number), 0) AS value FROM relayed_report"))
    }

    /// Those that other servers have from nodes, at most `limit`.
    package static func next(
        after number: Int64,
        notFrom server: String,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Relayed] {
        try db.readable(
            """
            SELECT number, node_id, server, source, content FROM relayed_report
            WHERE number > \(number) AND server <> \(server) ORDER BY number LIMIT \(limit)
            """,
            in: "relayed_report",
            id: "number"
        ) { row throws(StoreError) in
            Relayed(
                number: try row.value("number"),
                nodeID: try row.value("node_id"),
                server: try row.value("server"),
                source: try row.optional("source"),
                content: try row.value("content")
            )
        }
    }
}
