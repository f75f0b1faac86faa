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

    /// Of peers that are stored, which have a meter from their first usage on: making a peer costs nothing for it.
    package static func ofPeers(
        _ ids: [PeerID],
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerID: Meter] {
        var meters = try find(ids, and: "1 = 1", db)
        try atOnce(ids.filter { meters[$0] == nil }) { some throws(StoreError) in
            let sql: SQL =
                "\(insertion(ofPeers: "peer.id IN (\(some))", hasUsage: true)) RETURNING peer_id, number, gateway"
            for row in try db.rows(sql.notKept) {
                meters[try row.value("peer_id")] = try meter(row)
            }
        }
        return meters
    }

    /// Without those that the node never had, and those that were deleted too long ago: of these, all is forgotten.
    package static func ofDeletedPeers(
        _ ids: [PeerID],
        on node: NodeID,
        deletedSince time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerID: Meter] {
        try find(
            ids,
            and: """
                deleted_at >= \(time) AND EXISTS (SELECT 1 FROM metered_gateway AS life
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

    /// Of the gateways with these numbers.
    package static func gateways(
        _ numbers: [Int64],
        _ db: any SQLConnection
    ) throws(StoreError) -> [Int64: (gateway: GatewayID, organization: OrganizationID)] {
        var found: [Int64: (gateway: GatewayID, organization: OrganizationID)] = [:]
        try atOnce(numbers) { some throws(StoreError) in
            let sql: SQL =
                """
                SELECT number, gateway_id, organization_id FROM metered_gateway
                WHERE number IN (\(some))
                """
            for row in try db.rows(sql.notKept) {
                found[try row.value("number")] = (
                    try row.value("gateway_id"), try row.value("organization_id")
                )
            }
        }
        return found
    }

    private static func find(
        _ ids: [PeerID],
        and condition: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerID: Meter] {
        var meters: [PeerID: Meter] = [:]
        try atOnce(ids) { some throws(StoreError) in
            let sql: SQL =
                """
                SELECT peer_id, number, gateway, has_usage FROM metered_peer
                WHERE peer_id IN (\(some)) AND \(condition)
                """
            for row in try db.rows(sql.notKept) {
                let meter = try meter(row)
                meters[try row.value("peer_id")] = meter
                guard try !row.value("has_usage") else { continue }
                try db.send("UPDATE metered_peer SET has_usage = 1 WHERE number = \(meter.number)")
            }
        }
        return meters
    }

    /// Calls `body` with lists of about as many ids as one statement names well.
    private static func atOnce(
        _ ids: [some SQLColumn],
        _ body: (SQL) throws(StoreError) -> Void
    ) throws(StoreError) {
        var rest = ids[...]
        while !rest.isEmpty {
            try body(SQL.list(Array(rest.prefix(100))))
            rest = rest.dropFirst(100)
        }
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
            \(insertion(ofPeers: condition, hasUsage: false, deletedAt: now))
            ON CONFLICT (peer_id) DO UPDATE
            SET name = excluded.name, deleted_at = excluded.deleted_at
            """
        )
    }

    /// - Parameter condition: of the table `peer`.
    private static func insertion(
        ofPeers condition: SQL,
        hasUsage: Bool,
        deletedAt: Timestamp? = nil
    ) -> SQL {
        """
        INSERT INTO metered_peer (number, peer_id, gateway, name, has_usage, deleted_at)
        SELECT (SELECT coalesce(max(number), 0) FROM metered_peer)
                + row_number() OVER (ORDER BY peer.id),
            peer.id, metered_gateway.number, peer.name, CAST(\(hasUsage) AS BIGINT), CAST(\(deletedAt) AS BIGINT)
        FROM peer JOIN metered_gateway ON metered_gateway.gateway_id = peer.gateway_id
        WHERE \(condition)
        """
    }

    /// Forgets peers that were deleted long ago.
    ///
    /// - Parameter hasUsage: whether they had some; what is stored of it has to be forgotten before, as a number may be given again.
    /// - Returns: how many these were.
    package static func trim(
        deletedBefore time: Timestamp,
        hasUsage: Bool,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            DELETE FROM metered_peer WHERE number IN (
                SELECT number FROM metered_peer
                WHERE has_usage = \(hasUsage) AND deleted_at < \(time) ORDER BY deleted_at LIMIT \(limit))
            """
        )
    }
}
