extension Migrations {
    /// The ways out of a network. A default gateway goes with its peer.
    static let egress = Migration(
        id: "2026-11-25-egress",
        script: """
            CREATE UNIQUE INDEX peer_of_organization ON peer (id, organization_id);

            CREATE TABLE default_gateway (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL UNIQUE,
                peer_id TEXT,
                status TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id) ON DELETE CASCADE,
                FOREIGN KEY (peer_id, organization_id)
                    REFERENCES peer (id, organization_id) ON DELETE CASCADE
            );
            CREATE INDEX default_gateway_of_peer ON default_gateway (peer_id);

            CREATE TABLE internet_gateway (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                region_code TEXT NOT NULL REFERENCES region (code),
                name TEXT,
                status TEXT NOT NULL,
                public_address TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (network_id, region_code),
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id)
            );
            CREATE INDEX internet_gateway_by_age
                ON internet_gateway (organization_id, created_at, id);
            CREATE INDEX internet_gateway_of_network
                ON internet_gateway (network_id, created_at, id);
            """
    )
}
