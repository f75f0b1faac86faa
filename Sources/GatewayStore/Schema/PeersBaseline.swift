extension Migrations {
    /// Peers and what they are given, which refer to `gatewaysBaseline`, and private services.
    static let peersBaseline = """
        CREATE TABLE peer (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            gateway_id TEXT NOT NULL,
            name TEXT,
            public_key TEXT NOT NULL,
            sealed_preshared_key BLOB,
            address INTEGER NOT NULL,
            persistent_keepalive INTEGER,
            last_seen INTEGER,
            latest_handshake_at INTEGER,
            endpoint TEXT,
            rx_bytes INTEGER NOT NULL DEFAULT 0,
            tx_bytes INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_revision INTEGER NOT NULL DEFAULT 0,
            config_revision INTEGER NOT NULL DEFAULT 0,
            fetched_config_revision INTEGER,
            fetched_full_tunnel INTEGER NOT NULL DEFAULT 0,
            latest_echo_at INTEGER,
            egress_left_bytes INTEGER NOT NULL DEFAULT 0,
            egress_entered_bytes INTEGER NOT NULL DEFAULT 0,
            UNIQUE (gateway_id, public_key),
            UNIQUE (gateway_id, address),
            FOREIGN KEY (gateway_id, organization_id) REFERENCES gateway (id, organization_id),
            CONSTRAINT peer_keepalive_in_range CHECK (persistent_keepalive BETWEEN 0 AND 65535)
        );
        CREATE INDEX peer_by_address ON peer
            (organization_id, address NULLS FIRST, created_revision, id);
        CREATE INDEX peer_by_age ON peer (organization_id, created_revision, id);
        CREATE INDEX peer_by_handshake ON peer (gateway_id, latest_handshake_at);
        CREATE INDEX peer_by_name ON peer
            (organization_id, lower(name COLLATE "C") NULLS FIRST, created_revision, id);
        CREATE INDEX peer_of_gateway ON peer (gateway_id, created_revision, id);
        CREATE UNIQUE INDEX peer_of_organization ON peer (id, organization_id);

        CREATE TABLE peer_prefix (
            peer_id TEXT NOT NULL,
            organization_id TEXT NOT NULL,
            network_id TEXT NOT NULL,
            prefix TEXT NOT NULL,
            first_address BLOB NOT NULL,
            id TEXT,
            created_at INTEGER NOT NULL DEFAULT 0,
            created_revision INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (network_id, first_address),
            FOREIGN KEY (peer_id, organization_id)
                REFERENCES peer (id, organization_id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX peer_prefix_by_id ON peer_prefix (id);
        CREATE INDEX peer_prefix_of_peer ON peer_prefix (peer_id, organization_id);

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
        CREATE INDEX peer_share_by_age ON peer_share (organization_id, created_revision, id);
        CREATE INDEX peer_share_by_end ON peer_share (expires_at);
        CREATE INDEX peer_share_by_selector ON peer_share (selector);
        CREATE INDEX peer_share_of_peer ON peer_share (peer_id, created_revision, id);

        CREATE TABLE default_gateway (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            network_id TEXT NOT NULL UNIQUE,
            peer_id TEXT,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            status_reason TEXT,
            created_revision INTEGER NOT NULL DEFAULT 0,
            FOREIGN KEY (network_id, organization_id)
                REFERENCES network (id, organization_id) ON DELETE CASCADE,
            FOREIGN KEY (peer_id, organization_id)
                REFERENCES peer (id, organization_id) ON DELETE CASCADE
        );
        CREATE INDEX default_gateway_of_peer ON default_gateway (peer_id);

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
            created_revision INTEGER NOT NULL,
            organization_ids TEXT
        );
        CREATE INDEX private_service_by_age ON private_service (created_revision, id);
        """
}
