package import GatewayDomain

/// Every statement about what nodes show who they are with is here, and about which of their reports were
/// counted.
package enum NodeCredentials {
    package struct StoredCredential: Equatable, Sendable {
        package let nodeID: NodeID
        package let hash: [UInt8]
        package let createdAt: Timestamp
        package let expiresAt: Timestamp
        /// When it was first shown.
        package let usedAt: Timestamp?
    }

    package static func insert(
        hash: [UInt8],
        of node: NodeID,
        at time: Timestamp,
        until expiresAt: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO node_credential (hash, node_id, selector, created_at, expires_at)
            VALUES (\(hash), \(node), \(SecretHash.selector(hash)), \(time), \(expiresAt))
            """
        )
    }

    /// Those whose hash begins as this one does: the caller compares the rest in constant time.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [StoredCredential] {
        try db.readable(
            """
            SELECT node_id, hash, created_at, expires_at, used_at FROM node_credential
            WHERE selector = \(SecretHash.selector(hash))
            """,
            in: "node_credential",
            id: "node_id"
        ) { row throws(StoreError) in
            StoredCredential(
                nodeID: try row.value("node_id"),
                hash: try row.value("hash"),
                createdAt: try row.value("created_at"),
                expiresAt: try row.value("expires_at"),
                usedAt: try row.optional("used_at")
            )
        }
    }

    /// The node has it, as it has shown it: what it had before is not needed any more.
    package static func noteFirstUse(
        of credential: StoredCredential,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            "UPDATE node_credential SET used_at = \(time) WHERE hash = \(credential.hash)"
        )
        try db.execute(
            """
            DELETE FROM node_credential
            WHERE node_id = \(credential.nodeID) AND hash <> \(credential.hash)
            """
        )
    }

    /// Those that the node was sent and has never shown.
    package static func deleteUnused(
        of node: NodeID,
        except hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM node_credential
            WHERE node_id = \(node) AND used_at IS NULL AND hash <> \(hash)
            """
        )
    }

    package static func deleteAll(
        of node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM node_credential WHERE node_id = \(node)")
    }

    package static func count(
        of node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM node_credential WHERE node_id = \(node)"
        )
    }

    /// Notes that a report is counted, in the transaction that counts it.
    ///
    /// - Parameters:
    ///   - generation: of the node's process, which numbers its reports from 1 on.
    /// - Returns: false for one that was counted before.
    package static func noteReport(
        of node: NodeID,
        generation: String,
        sequence: Int64,
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        let count = try db.execute(
            """
            INSERT INTO node_report (node_id, generation, sequence, counted_at)
            VALUES (\(node), \(generation), \(sequence), \(time))
            ON CONFLICT (node_id, generation) DO UPDATE
            SET sequence = excluded.sequence, counted_at = excluded.counted_at
            WHERE excluded.sequence > node_report.sequence
            """
        )
        guard count > 0 else { return false }
        // A node that starts again and again: what is older has nothing left to deliver.
        try db.execute(
            """
            DELETE FROM node_report WHERE node_id = \(node) AND generation NOT IN (
                SELECT generation FROM node_report WHERE node_id = \(node)
                ORDER BY counted_at DESC, generation LIMIT \(mostGenerations))
            """
        )
        return true
    }

    /// The last report of a generation that was counted; zero for none.
    package static func countedSequence(
        of node: NodeID,
        generation: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int64 {
        let row = try db.row(
            """
            SELECT sequence FROM node_report
            WHERE node_id = \(node) AND generation = \(generation)
            """
        )
        return try row?.value("sequence") ?? 0
    }

    /// Of one node, whose last reports are remembered.
    private static let mostGenerations = 64
}
