extension Migrations {
    /// The private services of the server's operator, and which of them a gateway leads to by name; what its
    /// subnet is to the outside of its node. Why a way out is not provisioned. The networks behind peers
    /// become routes with ids of their own: version 4 of RFC 9562 for those that are there.
    static let waysOut = Migration(
        id: "2026-11-26-ways-out",
        script: """
            CREATE TABLE private_service (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                description TEXT,
                prefixes TEXT NOT NULL,
                protocol TEXT,
                ports TEXT NOT NULL,
                region_codes TEXT,
                allows_private_prefixes INTEGER NOT NULL,
                source TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL
            );
            CREATE INDEX private_service_by_age ON private_service (created_revision, id);

            ALTER TABLE gateway ADD COLUMN services TEXT;
            ALTER TABLE gateway ADD COLUMN lacks_egress INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN egress_range TEXT;
            CREATE UNIQUE INDEX gateway_by_egress_range ON gateway (egress_range)
                WHERE egress_range IS NOT NULL;

            ALTER TABLE internet_gateway ADD COLUMN status_reason TEXT;
            ALTER TABLE default_gateway ADD COLUMN status_reason TEXT;
            ALTER TABLE default_gateway ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;

            ALTER TABLE peer_prefix ADD COLUMN id TEXT;
            ALTER TABLE peer_prefix ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE peer_prefix ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            UPDATE peer_prefix SET
                id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'
                    || substr(hex(randomblob(2)), 2) || '-'
                    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)
                    || '-' || hex(randomblob(6))),
                created_at = coalesce((SELECT updated_at FROM peer WHERE peer.id = peer_id), 0);
            CREATE UNIQUE INDEX peer_prefix_by_id ON peer_prefix (id);

            DELETE FROM installation WHERE key = 'config_service_prefixes';
            """
    )
}
