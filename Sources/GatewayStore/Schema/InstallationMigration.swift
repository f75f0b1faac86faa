extension Migrations {
    /// What the installation owns is found by its id. In an older database, the operator's
    /// organization is the oldest that has an admin's key, or the oldest where none has one: the first
    /// start made it before there was a key that could make another. The keys that starts of the server
    /// made in it are those that no key has made.
    ///
    /// A revoked key leaves its hash behind, so that a start with the same setting does not make it
    /// again.
    static let installation = Migration(
        id: "2026-11-26-installation",
        script: """
            INSERT INTO installation (key, value)
            SELECT 'operator_organization', CAST(id AS BLOB) FROM organization
            ORDER BY EXISTS (
                    SELECT 1 FROM api_key
                    WHERE organization_id = organization.id AND role = 'admin'
                        AND is_restricted = 0) DESC,
                created_revision, id
            LIMIT 1;

            ALTER TABLE api_key ADD COLUMN made_at_start INTEGER NOT NULL DEFAULT 0;
            UPDATE api_key SET made_at_start = 1
            WHERE name = 'first key' AND role = 'admin'
                AND organization_id = (
                    SELECT CAST(value AS TEXT) FROM installation
                    WHERE key = 'operator_organization')
                AND NOT EXISTS (
                    SELECT 1 FROM event
                    WHERE object_id = api_key.id AND operation = 'created'
                        AND api_key_id IS NOT NULL);

            CREATE TABLE revoked_api_key (
                hash BLOB NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL,
                revoked_at INTEGER NOT NULL
            );
            """
    )
}
