package import GatewayDomain

/// At which of several servers each node has its session. Every statement about that is here.
package enum NodeStreams {
    package struct Stream: Equatable, Sendable {
        package let nodeID: NodeID
        package let server: String
        /// Of the session, among those that the server has begun.
        package let number: Int
        /// The node's.
        package let process: String
        package let beganAt: Timestamp
        /// When the node last said anything, by whichever server.
        package var heardAt: Timestamp

        package init(
            nodeID: NodeID,
            server: String,
            number: Int,
            process: String,
            beganAt: Timestamp
        ) {
            self.nodeID = nodeID
            self.server = server
            self.number = number
            self.process = process
            self.beganAt = beganAt
            heardAt = beganAt
        }
    }

    package static func find(
        _ node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Stream? {
        try db.object(
            "SELECT \(columns) FROM node_stream WHERE node_id = \(node)",
            in: "node_stream",
            id: "node_id",
            stream
        )
    }

    package static func all(
        at server: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Stream] {
        try db.readable(
            "SELECT \(columns) FROM node_stream WHERE server = \(server) ORDER BY node_id",
            in: "node_stream",
            id: "node_id",
            stream
        )
    }

    /// Replaces the one that the node had.
    package static func put(_ stream: Stream, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO node_stream (node_id, server, number, process, began_at, heard_at)
            VALUES (\(stream.nodeID), \(stream.server), \(stream.number), \(stream.process),
                \(stream.beganAt), \(stream.heardAt))
            ON CONFLICT (node_id) DO UPDATE
            SET server = excluded.server, number = excluded.number, process = excluded.process,
                began_at = excluded.began_at, heard_at = excluded.heard_at
            """
        )
    }

    /// - Returns: false where another one has taken its place.
    package static func delete(
        of node: NodeID,
        at server: String,
        number: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.execute(
            """
            DELETE FROM node_stream
            WHERE node_id = \(node) AND server = \(server) AND number = \(number)
            """
        ) > 0
    }

    package static func delete(of node: NodeID, _ db: any SQLConnection) throws(StoreError) {
        try db.execute("DELETE FROM node_stream WHERE node_id = \(node)")
    }

    package static func noteHeard(
        of node: NodeID,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "UPDATE node_stream SET heard_at = \(time) WHERE node_id = \(node)"
        )
    }

    /// Nodes that are shown as connected, and have no session at a server with a lease.
    ///
    /// - Parameter prefix: of the names of servers' leases.
    package static func lost(
        leases prefix: String,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [NodeID] {
        try db.readable(
            """
            SELECT id FROM node
            WHERE presence = \(GatewayNode.NodePresence.connected) AND is_embedded = 0
                AND NOT EXISTS (
                    SELECT 1 FROM node_stream JOIN lease ON lease.name = \(prefix) || node_stream.server
                    WHERE node_stream.node_id = node.id AND lease.ends_at > \(time))
            ORDER BY id
            """,
            in: "node"
        ) { row throws(StoreError) in try row.value("id") }
    }

    private static let columns: SQL = "node_id, server, number, process, began_at, heard_at"

    private static func stream(_ row: Row) throws(StoreError) -> Stream {
        var stream = Stream(
            nodeID: try row.value("node_id"),
            server: try row.value("server"),
            number: try row.value("number"),
            process: try row.value("process"),
            beganAt: try row.value("began_at")
        )
        stream.heardAt = try row.value("heard_at")
        return stream
    }
}
