extension Migrations {
    /// Links between gateways of one network on different nodes, and the lanes of each: a key pair and a UDP
    /// port on either side. An end is stored with its link, as a link is read more often than anything is asked of
    /// an end alone. No row of a gateway is referred to, as a link goes after its gateway in the same transaction.
    static let backbone = Migration(
        id: "2026-11-26-backbone",
        script: """
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
                UNIQUE (first_gateway_id, second_gateway_id),
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id)
            );
            CREATE INDEX backbone_link_by_age
                ON backbone_link (organization_id, created_revision, id);
            CREATE INDEX backbone_link_of_network
                ON backbone_link (network_id, created_revision, id);
            CREATE INDEX backbone_link_of_second_gateway ON backbone_link (second_gateway_id);
            CREATE INDEX backbone_link_of_first_node ON backbone_link (first_node_id);
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
    )
}
