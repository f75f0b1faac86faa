package import GatewayDomain
import NetAddress

/// Every statement that counts how gateways and peers do.
package enum Overviews {
    package static func gateways(
        in scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> Overview.GatewayCounts {
        let row = try db.row(
            """
            SELECT count(*) AS total,
                count(*) FILTER (WHERE status = \(InterfaceStatus.provisioned)) AS provisioned
            FROM gateway WHERE \(SQL.isIn(scope, network: "network_id"))
            """
        )
        return Overview.GatewayCounts(
            total: try row?.value("total") ?? 0,
            provisioned: try row?.value("provisioned") ?? 0
        )
    }

    /// How many gateways of the scope each node carries that has any.
    package static func gatewaysOfNodes(
        in scope: Scope,
        _ db: any SQLConnection
    ) throws(StoreError) -> [NodeID: Int] {
        let rows = try db.readable(
            """
            SELECT node_id, count(*) AS value FROM gateway
            WHERE \(SQL.isIn(scope, network: "network_id")) GROUP BY node_id
            """,
            in: "gateway",
            id: "node_id"
        ) { row throws(StoreError) in
            (id: try row.value("node_id") as NodeID, count: try row.value("value") as Int)
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.count) })
    }

    package static func peers(
        in scope: Scope,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Overview.PeerCounts {
        Overview.PeerCounts(
            total: try Peers.count(in: scope, PeerFilter(), db),
            connected: try Peers.count(.connected, at: now, in: scope, PeerFilter(), db),
            neverConnected: try Peers.count(.never, at: now, in: scope, PeerFilter(), db)
        )
    }

    /// Of gateways that others reach, the oldest first: the name of a peer, or its address where it has none.
    package static func namesOfUnheardPeers(
        in scope: Scope,
        except others: [PeerID] = [],
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [String] {
        let exception: SQL = others.isEmpty ? "" : " AND id NOT IN (\(SQL.list(others)))"
        return try names(
            where: """
                latest_handshake_at IS NULL
                    AND gateway_id IN (SELECT id FROM gateway WHERE rx_bytes > 0)\(exception)
                """,
            in: scope,
            limit: limit,
            db
        )
    }

    /// Whose devices have a config file that is out of date, as far as the server knows.
    package static func namesOfOutdatedPeers(
        in scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [String] {
        try names(where: ConfigRevisions.isIn(.outdated), in: scope, limit: limit, db)
    }

    private static func names(
        where condition: SQL,
        in scope: Scope,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [String] {
        try db.readable(
            """
            SELECT id, name, address FROM peer
            WHERE \(SQL.belongsToGateway(in: scope)) AND \(condition)
            ORDER BY created_revision, id LIMIT \(limit)
            """,
            in: "peer"
        ) { row throws(StoreError) in
            let address: IPv4Address = try row.value("address")
            return try row.optional("name") ?? "\(address)"
        }
    }
}
