extension Migrations {
    /// The order of lists: by the revision of an object's creation, which the transaction gives, and
    /// not by its time, which a clock that is set back gives twice. What is older than this has the
    /// order that it had, in numbers before every revision. Gateways of both kinds share one list.
    static let creationOrder = Migration(
        id: "2026-11-26-creation-order",
        script: """
            ALTER TABLE organization ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE api_key ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE network ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE internet_gateway ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE peer ADD COLUMN created_revision INTEGER NOT NULL DEFAULT 0;

            \(numbering("organization", from: "organization"))
            \(numbering("api_key", from: "api_key"))
            \(numbering("network", from: "network"))
            \(numbering("gateway", from: gatewaysOfBothKinds))
            \(numbering("internet_gateway", from: gatewaysOfBothKinds))
            \(numbering("peer", from: "peer"))

            DROP INDEX organization_by_age;
            DROP INDEX api_key_by_age;
            DROP INDEX network_by_age;
            DROP INDEX gateway_by_age;
            DROP INDEX gateway_of_network;
            DROP INDEX internet_gateway_by_age;
            DROP INDEX internet_gateway_of_network;
            DROP INDEX peer_by_age;
            DROP INDEX peer_of_gateway;
            CREATE INDEX organization_by_age ON organization (created_revision, id);
            CREATE INDEX api_key_by_age ON api_key (organization_id, created_revision, id);
            CREATE INDEX network_by_age ON network (organization_id, created_revision, id);
            CREATE INDEX gateway_by_age ON gateway (organization_id, created_revision, id);
            CREATE INDEX gateway_of_network ON gateway (network_id, created_revision, id);
            CREATE INDEX internet_gateway_by_age
                ON internet_gateway (organization_id, created_revision, id);
            CREATE INDEX internet_gateway_of_network
                ON internet_gateway (network_id, created_revision, id);
            CREATE INDEX peer_by_age ON peer (organization_id, created_revision, id);
            CREATE INDEX peer_of_gateway ON peer (gateway_id, created_revision, id);
            """
    )

    private static let gatewaysOfBothKinds = """
        (SELECT id, created_at FROM gateway
         UNION ALL SELECT id, created_at FROM internet_gateway)
        """

    /// From 1 - n to 0, where `source` has n rows.
    private static func numbering(_ table: String, from source: String) -> String {
        """
        UPDATE \(table) SET created_revision = ranked.number
        FROM (SELECT id,
                row_number() OVER (ORDER BY created_at, id) - count(*) OVER () AS number
              FROM \(source)) AS ranked
        WHERE ranked.id = \(table).id;
        """
    }
}
