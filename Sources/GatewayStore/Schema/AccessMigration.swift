extension Migrations {
    /// Roles, restrictions and ends of API keys, and suspended organizations. Keys of before could
    /// do everything, and still can.
    static let access = Migration(
        id: "2026-11-25-access",
        script: """
            ALTER TABLE organization ADD COLUMN suspended_at INTEGER;
            ALTER TABLE organization ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
            UPDATE organization SET updated_at = created_at;
            CREATE INDEX organization_by_age ON organization (created_at, id);

            ALTER TABLE api_key ADD COLUMN name TEXT NOT NULL DEFAULT 'first key';
            ALTER TABLE api_key ADD COLUMN prefix TEXT;
            ALTER TABLE api_key ADD COLUMN role TEXT NOT NULL DEFAULT 'admin'
                CONSTRAINT api_key_role_is_known
                CHECK (role IN ('viewer', 'member', 'owner', 'admin'));
            ALTER TABLE api_key ADD COLUMN is_restricted INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE api_key ADD COLUMN expires_at INTEGER;
            ALTER TABLE api_key ADD COLUMN last_used_at INTEGER;
            CREATE UNIQUE INDEX api_key_of_organization ON api_key (id, organization_id);
            CREATE INDEX api_key_by_age ON api_key (organization_id, created_at, id);

            CREATE TABLE api_key_network (
                api_key_id TEXT NOT NULL,
                organization_id TEXT NOT NULL,
                network_id TEXT NOT NULL,
                PRIMARY KEY (api_key_id, network_id),
                FOREIGN KEY (api_key_id, organization_id)
                    REFERENCES api_key (id, organization_id) ON DELETE CASCADE,
                FOREIGN KEY (network_id, organization_id)
                    REFERENCES network (id, organization_id) ON DELETE CASCADE
            );
            """
    )
}
