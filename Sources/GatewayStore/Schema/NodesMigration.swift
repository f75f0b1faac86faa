extension Migrations {
    /// What carries gateways. The node inside of the server is there from now on, and has all gateways that there
    /// are; the first start gives it its place. Ports and egress ranges are the node's, so that the table of gateways
    /// is made anew, without the uniqueness of a port among all. `placed_revision`: of the change by which a gateway came
    /// to its node.
    ///
    /// The timeline tells nodes that the revisions which they have seen are of another history: a restore renews it.
    static let nodes = Migration(
        id: "2026-11-27-nodes",
        script: """
            CREATE TABLE node (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                region_codes TEXT NOT NULL,
                endpoint_address TEXT NOT NULL,
                ports TEXT NOT NULL,
                is_embedded INTEGER NOT NULL,
                is_draining INTEGER NOT NULL,
                presence TEXT NOT NULL,
                presence_since INTEGER NOT NULL,
                last_seen_at INTEGER,
                version TEXT,
                public_key TEXT,
                second_session_at INTEGER,
                token_selector INTEGER,
                token_hash BLOB UNIQUE,
                token_expires_at INTEGER,
                token_used_at INTEGER,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL,
                CONSTRAINT node_token_hash_is_sha256
                    CHECK (token_hash IS NULL OR length(token_hash) = 32)
            );
            CREATE INDEX node_by_age ON node (created_revision, id);
            CREATE INDEX node_by_token ON node (token_selector);
            CREATE UNIQUE INDEX node_embedded ON node (is_embedded) WHERE is_embedded = 1;

            CREATE TABLE node_credential (
                hash BLOB NOT NULL PRIMARY KEY,
                node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
                selector INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                used_at INTEGER,
                CONSTRAINT node_credential_hash_is_sha256 CHECK (length(hash) = 32)
            );
            CREATE INDEX node_credential_by_selector ON node_credential (selector);
            CREATE INDEX node_credential_of_node ON node_credential (node_id, created_at);

            CREATE TABLE node_report (
                node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
                generation TEXT NOT NULL,
                sequence INTEGER NOT NULL,
                counted_at INTEGER NOT NULL,
                PRIMARY KEY (node_id, generation)
            );

            INSERT INTO node (id, name, region_codes, endpoint_address, ports, is_embedded, is_draining,
                presence, presence_since, created_at, updated_at, created_revision)
            SELECT
                lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'
                    || substr(hex(randomblob(2)), 2) || '-'
                    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2)
                    || '-' || hex(randomblob(6))),
                'embedded',
                coalesce((SELECT group_concat(code, ' ') FROM region), ''),
                coalesce((SELECT endpoint_address FROM gateway LIMIT 1), '127.0.0.1'),
                '1-65535', 1, 0, 'connected', at, at, at, 0
            FROM (SELECT coalesce((SELECT min(created_at) FROM organization),
                CAST(strftime('%s', 'now') AS INTEGER) * 1000000) AS at);

            CREATE TABLE new_gateway (
                id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                region_code TEXT NOT NULL REFERENCES region (code),
                node_id TEXT NOT NULL REFERENCES node (id),
                placed_revision INTEGER NOT NULL DEFAULT 0,
                name TEXT,
                enables_sip_trunking INTEGER NOT NULL,
                services TEXT,
                status TEXT NOT NULL,
                status_reason TEXT,
                lacks_egress INTEGER NOT NULL DEFAULT 0,
                public_key TEXT NOT NULL UNIQUE,
                sealed_private_key BLOB NOT NULL,
                endpoint_address TEXT NOT NULL,
                port INTEGER NOT NULL,
                subnet TEXT NOT NULL,
                given_address INTEGER,
                next_address INTEGER NOT NULL,
                egress_range TEXT,
                mtu INTEGER NOT NULL,
                persistent_keepalive INTEGER,
                peers_count INTEGER NOT NULL DEFAULT 0,
                latest_handshake_at INTEGER,
                rx_bytes INTEGER NOT NULL DEFAULT 0,
                tx_bytes INTEGER NOT NULL DEFAULT 0,
                egress_left_bytes INTEGER NOT NULL DEFAULT 0,
                egress_entered_bytes INTEGER NOT NULL DEFAULT 0,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL DEFAULT 0,
                config_revision INTEGER NOT NULL DEFAULT 0,
                keepalive_revision INTEGER NOT NULL DEFAULT 0,
                exit_revision INTEGER NOT NULL DEFAULT 0,
                UNIQUE (id, organization_id),
                UNIQUE (network_id, subnet),
                UNIQUE (node_id, port),
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id),
                CONSTRAINT gateway_port_in_range CHECK (port BETWEEN 1 AND 65535),
                CONSTRAINT gateway_mtu_in_range CHECK (mtu BETWEEN 1280 AND 9200),
                CONSTRAINT gateway_keepalive_in_range
                    CHECK (persistent_keepalive BETWEEN 0 AND 65535),
                CONSTRAINT gateway_peers_count_is_natural CHECK (peers_count >= 0)
            );
            INSERT INTO new_gateway (id, organization_id, network_id, region_code, node_id, name,
                enables_sip_trunking, services, status, status_reason, lacks_egress, public_key,
                sealed_private_key, endpoint_address, port, subnet, given_address, next_address,
                egress_range, mtu, persistent_keepalive, peers_count, latest_handshake_at, rx_bytes,
                tx_bytes, egress_left_bytes, egress_entered_bytes, created_at, updated_at,
                created_revision, config_revision, keepalive_revision, exit_revision)
            SELECT id, organization_id, network_id, region_code, (SELECT node.id FROM node), name,
                enables_sip_trunking, services, status, status_reason, lacks_egress, public_key,
                sealed_private_key, endpoint_address, port, subnet, given_address, next_address,
                egress_range, mtu, persistent_keepalive, peers_count, latest_handshake_at, rx_bytes,
                tx_bytes, egress_left_bytes, egress_entered_bytes, created_at, updated_at,
                created_revision, config_revision, keepalive_revision, exit_revision
            FROM gateway;
            DROP TABLE gateway;
            ALTER TABLE new_gateway RENAME TO gateway;
            CREATE INDEX gateway_by_age ON gateway (organization_id, created_revision, id);
            CREATE INDEX gateway_of_network ON gateway (network_id, created_revision, id);
            CREATE UNIQUE INDEX gateway_by_egress_range ON gateway (node_id, egress_range)
                WHERE egress_range IS NOT NULL;

            INSERT INTO installation (key, value)
            VALUES ('timeline', CAST(lower(hex(randomblob(16))) AS BLOB));
            """
    )
}
