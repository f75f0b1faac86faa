extension Migrations {
    /// Which nodes had a gateway before it was moved: what they counted of it may come later.
    static let formerNodes = Migration(
        id: "2026-11-27-former-nodes",
        script: """
            CREATE TABLE gateway_former_node (
                gateway_id TEXT NOT NULL REFERENCES gateway (id) ON DELETE CASCADE,
                node_id TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
                PRIMARY KEY (gateway_id, node_id)
            );
            CREATE INDEX gateway_former_node_of_node ON gateway_former_node (node_id);
            """
    )
}
