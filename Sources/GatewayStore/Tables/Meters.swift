package import GatewayDomain

/// Whose usage is counted. Gateways and peers have small numbers here, by which the counts name them, and which outlive
/// them. Every statement about that is here.
package enum Meters {
    /// Of a peer.
    package struct Meter: Sendable {
        package let number: Int64
        /// The number of its gateway.
        package let gateway: Int64
    }

    static func open(_ gateway: Gateway, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO metered_gateway (number, gateway_id, organization_id, network_id, name, opened_at)
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM metered_gateway), \(gateway.id),
                \(gateway.organizationID), \(gateway.networkID), \(gateway.name), \(gateway.createdAt))
            """
        )
    }

    /// To be called while the row of the gateway is there.
    static func close(
        _ gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let nodes = try db.readable(
            """
            SELECT node_id FROM gateway WHERE id = \(gateway.id)
            UNION SELECT node_id FROM gateway_former_node WHERE gateway_id = \(gateway.id)
            ORDER BY node_id
            """,
            in: "gateway",
            id: "node_id"
        ) { row throws(StoreError) in try row.value("node_id") as NodeID }
        try db.execute(
            """
            UPDATE metered_gateway
            SET name = \(gateway.name), closed_at = \(now), node_ids = \(WordList(nodes))
            WHERE gateway_id = \(gateway.id)
            """
        )
    }

    /// Of a peer that is stored, which has a meter from its first usage on: making a peer costs nothing for it.
    package static func ofPeer(
        _ id: PeerID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Meter? {
        if let meter = try find(id, and: "1 = 1", db) { return meter }
        return try db.row(
            """
            INSERT INTO metered_peer (number, peer_id, gateway, name, has_usage)
            SELECT (SELECT coalesce(max(number), 0) + 1 FROM metered_peer), peer.id,
                metered_gateway.number, peer.name, 1
            FROM peer JOIN metered_gateway ON metered_gateway.gateway_id = peer.gateway_id
            WHERE peer.id = \(id)
            RETURNING number, gateway
            """
        ).map(meter)
    }

    /// Nil where there was no such peer, or the node never had its gateway.
    package static func ofDeletedPeer(
        _ id: PeerID,
        on node: NodeID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Meter? {
        try find(
            id,
            and: """
                deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM metered_gateway AS life
                    WHERE life.number = metered_peer.gateway
                    AND (\(SQL.holds("life.node_ids", node))
                        OR EXISTS (SELECT 1 FROM gateway
                            WHERE gateway.id = life.gateway_id AND gateway.node_id = \(node))
                        OR EXISTS (SELECT 1 FROM gateway_former_node AS former
                            WHERE former.gateway_id = life.gateway_id AND former.node_id = \(node))))
                """,
            db
        )
    }

    private static func find(
        _ id: PeerID,
        and condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> Meter? {
        let row = try db.row(
            """
            SELECT number, gateway, has_usage FROM metered_peer
            WHERE peer_id = \(id) AND \(condition)
            """
        )
        guard let row else { return nil }
        let meter = try meter(row)
        if try !row.value("has_usage") {
            try db.execute("UPDATE metered_peer SET has_usage = 1 WHERE number = \(meter.number)")
        }
        return meter
    }

    private static func meter(_ row: Row) throws(StoreError) -> Meter {
        Meter(number: try row.value("number"), gateway: try row.value("gateway"))
    }

    /// To be called while the rows of the peers are there. What they have used may be reported later.
    ///
    /// - Parameter condition: of the table `peer`.
    static func noteDeletion(
        ofPeers condition: SQL,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO metered_peer (number, peer_id, gateway, name, has_usage, deleted_at)
            SELECT (SELECT coalesce(max(number), 0) FROM metered_peer)
                    + row_number() OVER (ORDER BY peer.id),
                peer.id, metered_gateway.number, peer.name, 0, \(now)
            FROM peer JOIN metered_gateway ON metered_gateway.gateway_id = peer.gateway_id
            WHERE \(condition)
            ON CONFLICT (peer_id) DO UPDATE
            SET name = excluded.name, deleted_at = excluded.deleted_at
            """
        )
    }

    /// Forgets peers that were deleted long ago, and of which no usage came.
    ///
    /// - Returns: how many these were.
    package static func trim(
        deletedBefore time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            DELETE FROM metered_peer WHERE number IN (
                SELECT number FROM metered_peer
                WHERE has_usage = 0 AND deleted_at < \(time) ORDER BY deleted_at LIMIT \(limit))
            """
        )
    }
}
