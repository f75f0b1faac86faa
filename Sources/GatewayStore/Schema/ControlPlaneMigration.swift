extension Migrations {
    /// Ids, keys, prefixes and endpoints are text; times are microseconds since 1970; IPv4
    /// addresses are numbers. The pair of an id and its organization is unique and is what other
    /// tables refer to, so that no row can belong to a parent of another organization.
    static let controlPlane = Migration(
        id: "2026-11-24-control-plane",
        script: """
            CREATE TABLE installation (
                key TEXT NOT NULL PRIMARY KEY,
                value BLOB NOT NULL
            );

            CREATE TABLE organization (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL
            );

            CREATE TABLE api_key (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id),
                selector INTEGER NOT NULL,
                hash BLOB NOT NULL UNIQUE,
                created_at INTEGER NOT NULL,
                CONSTRAINT api_key_hash_is_sha256 CHECK (length(hash) = 32)
            );
            CREATE INDEX api_key_by_selector ON api_key (selector);

            CREATE TABLE region (
                code TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            );

            CREATE TABLE network (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id),
                name TEXT NOT NULL,
                address_block TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (id, organization_id)
            );
            CREATE INDEX network_by_age ON network (organization_id, created_at, id);

            CREATE TABLE gateway (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                region_code TEXT NOT NULL REFERENCES region (code),
                name TEXT,
                enables_sip_trunking INTEGER NOT NULL,
                status TEXT NOT NULL,
                status_reason TEXT,
                public_key TEXT NOT NULL UNIQUE,
                sealed_private_key BLOB NOT NULL,
                endpoint_address TEXT NOT NULL,
                port INTEGER NOT NULL UNIQUE,
                subnet TEXT NOT NULL,
                next_address INTEGER NOT NULL,
                mtu INTEGER NOT NULL,
                persistent_keepalive INTEGER,
                peers_count INTEGER NOT NULL DEFAULT 0,
                latest_handshake_at INTEGER,
                rx_bytes INTEGER NOT NULL DEFAULT 0,
                tx_bytes INTEGER NOT NULL DEFAULT 0,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (id, organization_id),
                UNIQUE (network_id, subnet),
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id),
                CONSTRAINT gateway_port_in_range CHECK (port BETWEEN 1 AND 65535),
                CONSTRAINT gateway_mtu_in_range CHECK (mtu BETWEEN 1280 AND 9200),
                CONSTRAINT gateway_keepalive_in_range
                    CHECK (persistent_keepalive BETWEEN 0 AND 65535),
                CONSTRAINT gateway_peers_count_is_natural CHECK (peers_count >= 0)
            );
            CREATE INDEX gateway_by_age ON gateway (organization_id, created_at, id);
            CREATE INDEX gateway_of_network ON gateway (network_id, created_at, id);

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
                UNIQUE (gateway_id, public_key),
                UNIQUE (gateway_id, address),
                FOREIGN KEY (gateway_id, organization_id)
                    REFERENCES gateway (id, organization_id),
                CONSTRAINT peer_keepalive_in_range
                    CHECK (persistent_keepalive BETWEEN 0 AND 65535)
            );
            CREATE INDEX peer_by_age ON peer (organization_id, created_at, id);
            CREATE INDEX peer_of_gateway ON peer (gateway_id, created_at, id);

            CREATE TABLE released_address (
                gateway_id TEXT NOT NULL,
                organization_id TEXT NOT NULL,
                address INTEGER NOT NULL,
                released_at INTEGER NOT NULL,
                is_rested INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (gateway_id, address),
                FOREIGN KEY (gateway_id, organization_id)
                    REFERENCES gateway (id, organization_id) ON DELETE CASCADE
            );
            CREATE INDEX released_address_resting
                ON released_address (gateway_id, released_at) WHERE is_rested = 0;
            CREATE INDEX released_address_rested
                ON released_address (gateway_id, address) WHERE is_rested = 1;

            CREATE TABLE released_subnet (
                network_id TEXT NOT NULL,
                organization_id TEXT NOT NULL,
                subnet TEXT NOT NULL,
                released_at INTEGER NOT NULL,
                PRIMARY KEY (network_id, subnet),
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id) ON DELETE CASCADE
            );

            CREATE TABLE change (
                revision INTEGER PRIMARY KEY AUTOINCREMENT,
                organization_id TEXT NOT NULL,
                kind TEXT NOT NULL,
                object_id TEXT NOT NULL,
                operation TEXT NOT NULL,
                CONSTRAINT change_kind_is_known CHECK (kind IN ('gateway', 'peer')),
                CONSTRAINT change_operation_is_known CHECK (operation IN ('put', 'deleted'))
            );
            CREATE INDEX change_of_object ON change (object_id, revision);
            """
    )
}
