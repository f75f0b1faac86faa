extension Migrations {
    /// Nodes, and what runs on them: gateways, ways out, and the links of the backbone. They refer to `accessBaseline`.
    static let gatewaysBaseline = """
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

        CREATE TABLE gateway (
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
            FOREIGN KEY (network_id, organization_id) REFERENCES network (id, organization_id),
            CONSTRAINT gateway_port_in_range CHECK (port BETWEEN 1 AND 65535),
            CONSTRAINT gateway_mtu_in_range CHECK (mtu BETWEEN 1280 AND 9200),
            CONSTRAINT gateway_keepalive_in_range CHECK (persistent_keepalive BETWEEN 0 AND 65535),
            CONSTRAINT gateway_peers_count_is_natural CHECK (peers_count >= 0)
        );
        CREATE INDEX gateway_by_age ON gateway (organization_id, created_revision, id);
        CREATE UNIQUE INDEX gateway_by_egress_range ON gateway (node_id, egress_range)
            WHERE egress_range IS NOT NULL;
        CREATE INDEX gateway_of_network ON gateway (network_id, created_revision, id);

        CREATE TABLE gateway_former_node (
            gateway_id TEXT NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
            node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
            PRIMARY KEY (gateway_id, node_id)
        );
        CREATE INDEX gateway_former_node_of_node ON gateway_former_node (node_id);

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
        CREATE INDEX released_address_rested ON released_address (gateway_id, address)
            WHERE is_rested = 1;
        CREATE INDEX released_address_resting ON released_address (gateway_id, released_at)
            WHERE is_rested = 0;

        CREATE TABLE released_subnet (
            network_id TEXT NOT NULL,
            organization_id TEXT NOT NULL,
            subnet TEXT NOT NULL,
            released_at INTEGER NOT NULL,
            PRIMARY KEY (network_id, subnet),
            FOREIGN KEY (network_id, organization_id)
                REFERENCES network (id, organization_id) ON DELETE CASCADE
        );

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
            created_revision INTEGER NOT NULL DEFAULT 0,
            status_reason TEXT,
            UNIQUE (network_id, region_code),
            FOREIGN KEY (network_id, organization_id) REFERENCES network (id, organization_id)
        );
        CREATE INDEX internet_gateway_by_age
            ON internet_gateway (organization_id, created_revision, id);
        CREATE INDEX internet_gateway_of_network
            ON internet_gateway (network_id, created_revision, id);

        CREATE TABLE backbone_link (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL,
            network_id TEXT NOT NULL,
            lanes_count INTEGER NOT NULL,
            mtu INTEGER NOT NULL,
            first_gateway_id TEXT NOT NULL,
            first_region_code TEXT NOT NULL,
            first_node_id TEXT NOT NULL,
            first_state TEXT NOT NULL,
            first_via_gateway_id TEXT,
            second_gateway_id TEXT NOT NULL,
            second_region_code TEXT NOT NULL,
            second_node_id TEXT NOT NULL,
            second_state TEXT NOT NULL,
            second_via_gateway_id TEXT,
            state_since INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_revision INTEGER NOT NULL,
            first_services TEXT NOT NULL DEFAULT '',
            first_internet INTEGER NOT NULL DEFAULT 0,
            first_egress_range TEXT,
            second_services TEXT NOT NULL DEFAULT '',
            second_internet INTEGER NOT NULL DEFAULT 0,
            second_egress_range TEXT,
            UNIQUE (first_gateway_id, second_gateway_id),
            FOREIGN KEY (network_id, organization_id) REFERENCES network (id, organization_id)
        );
        CREATE INDEX backbone_link_by_age
            ON backbone_link (organization_id, created_revision, id);
        CREATE INDEX backbone_link_of_first_node ON backbone_link (first_node_id);
        CREATE INDEX backbone_link_of_network
            ON backbone_link (network_id, created_revision, id);
        CREATE INDEX backbone_link_of_second_gateway ON backbone_link (second_gateway_id);
        CREATE INDEX backbone_link_of_second_node ON backbone_link (second_node_id);

        CREATE TABLE backbone_lane (
            link_id TEXT NOT NULL REFERENCES backbone_link (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            gateway_id TEXT NOT NULL,
            node_id TEXT NOT NULL,
            port INTEGER NOT NULL,
            public_key TEXT NOT NULL,
            sealed_private_key BLOB NOT NULL,
            PRIMARY KEY (link_id, number, gateway_id),
            UNIQUE (node_id, port),
            CONSTRAINT backbone_lane_port_in_range CHECK (port BETWEEN 1 AND 65535)
        );
        """
}
