extension Migrations {
    /// Which config file a peer should have and which one it fetched, and the links that give it away.
    ///
    /// The revision of a peer's file is the largest of the peer's own and its gateway's:
    /// `config_revision` counts for all peers of a gateway, `keepalive_revision` for those that have no
    /// keepalive of their own, and `exit_revision` for those whose file sends everything through the
    /// tunnel. What is older than this has revision 0.
    static let sharing = Migration(
        id: "2026-11-26-sharing",
        script: """
            ALTER TABLE peer ADD COLUMN config_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE peer ADD COLUMN fetched_config_revision INTEGER;
            ALTER TABLE peer ADD COLUMN fetched_full_tunnel INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN config_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN keepalive_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN exit_revision INTEGER NOT NULL DEFAULT 0;

            CREATE TABLE config_url (
                peer_id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL UNIQUE,
                selector INTEGER NOT NULL,
                hash BLOB NOT NULL UNIQUE,
                created_at INTEGER NOT NULL,
                FOREIGN KEY (peer_id, organization_id)
                    REFERENCES peer (id, organization_id) ON DELETE CASCADE,
                CONSTRAINT config_url_hash_is_sha256 CHECK (length(hash) = 32)
            );
            CREATE INDEX config_url_by_selector ON config_url (selector);

            CREATE TABLE peer_share (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                peer_id TEXT NOT NULL,
                selector INTEGER NOT NULL,
                hash BLOB NOT NULL UNIQUE,
                sealed_config BLOB,
                has_private_key INTEGER NOT NULL,
                is_full_tunnel INTEGER NOT NULL,
                config_revision INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                used_at INTEGER,
                created_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL,
                FOREIGN KEY (peer_id, organization_id)
                    REFERENCES peer (id, organization_id) ON DELETE CASCADE,
                CONSTRAINT peer_share_hash_is_sha256 CHECK (length(hash) = 32)
            );
            CREATE INDEX peer_share_by_selector ON peer_share (selector);
            CREATE INDEX peer_share_of_peer ON peer_share (peer_id, created_revision, id);
            CREATE INDEX peer_share_by_age ON peer_share (organization_id, created_revision, id);
            CREATE INDEX peer_share_by_end ON peer_share (expires_at);
            """
    )
}
