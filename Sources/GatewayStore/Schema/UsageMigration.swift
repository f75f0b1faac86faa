extension Migrations {
    /// What was used, and by whom. `metered_gateway`: each gateway that there was since then, as long as what it has used is
    /// remembered: it outlives the gateway. `node_ids`: the nodes that had it, once it is gone. `metered_peer`: a peer
    /// since its first usage, or since it was deleted, as usage may come behind it. The others are counts of an hour or a day, counted
    /// since 1970, by kind (`UsageKind`): those of a gateway are the sum of its peers'. Peers' keys begin with the time, as all of
    /// them are written in the same hour and forgotten at the same time; gateways' begin with the gateway, whose months are summed up.
    static let usage = Migration(
        id: "2026-11-28-usage",
        script: """
            CREATE TABLE metered_gateway (
                number INTEGER NOT NULL PRIMARY KEY,
                gateway_id TEXT NOT NULL UNIQUE,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                name TEXT,
                opened_at INTEGER NOT NULL,
                closed_at INTEGER,
                node_ids TEXT
            );
            CREATE INDEX metered_gateway_of_organization
                ON metered_gateway (organization_id, network_id);

            CREATE TABLE metered_peer (
                number INTEGER NOT NULL PRIMARY KEY,
                peer_id TEXT NOT NULL UNIQUE,
                gateway INTEGER NOT NULL REFERENCES metered_gateway (number),
                name TEXT,
                has_usage INTEGER NOT NULL,
                deleted_at INTEGER
            );
            CREATE INDEX metered_peer_of_gateway ON metered_peer (gateway);
            CREATE INDEX metered_peer_by_deletion ON metered_peer (has_usage, deleted_at)
                WHERE deleted_at IS NOT NULL;

            \(counts("usage_peer_hour", of: "hour", "peer"))
            \(counts("usage_peer_day", of: "day", "peer"))
            \(counts("usage_gateway_hour", of: "gateway", "hour"))
            \(counts("usage_gateway_day", of: "gateway", "day"))
            INSERT INTO metered_gateway (number, gateway_id, organization_id, network_id, name, opened_at)
            SELECT row_number() OVER (ORDER BY created_revision, id), id, organization_id, network_id, name, created_at
            FROM gateway;
            """
    )

    /// A table of counts, and the columns with which its key begins.
    static func counts(_ table: String, of first: String, _ second: String) -> String {
        """
        CREATE TABLE \(table) (
            \(first) INTEGER NOT NULL,
            \(second) INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            rx_packets INTEGER NOT NULL,
            rx_bytes INTEGER NOT NULL,
            tx_packets INTEGER NOT NULL,
            tx_bytes INTEGER NOT NULL,
            PRIMARY KEY (\(first), \(second), kind)
        ) WITHOUT ROWID;
        """
    }
}
