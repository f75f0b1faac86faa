extension Migrations {
    /// What peers, gateways and organizations may use, each with one row: a peer's names its gateway too, an organization's
    /// neither. Rates are in bits per second. `used_bytes` is what was used of the quota in the hours from `quota_start` on,
    /// before `quota_end`, in hours since 1970.
    static let limits = Migration(
        id: "2026-11-29-limits",
        script: """
            CREATE TABLE usage_limit (
                subject_id TEXT NOT NULL PRIMARY KEY,
                organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
                network_id TEXT,
                gateway_id TEXT REFERENCES gateway (id) ON DELETE CASCADE,
                peer_id TEXT REFERENCES peer (id) ON DELETE CASCADE,
                rx_rate INTEGER,
                tx_rate INTEGER,
                connected_peers INTEGER,
                quota_bytes INTEGER,
                quota_action TEXT,
                throttle_rate INTEGER,
                reset_day INTEGER,
                quota_start INTEGER,
                quota_end INTEGER,
                used_bytes INTEGER,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                created_revision INTEGER NOT NULL,
                CONSTRAINT usage_limit_quota_is_whole CHECK ((quota_bytes IS NULL) = (quota_action IS NULL)
                    AND (quota_bytes IS NULL) = (reset_day IS NULL)
                    AND (quota_bytes IS NULL) = (quota_start IS NULL)
                    AND (quota_bytes IS NULL) = (quota_end IS NULL)
                    AND (quota_bytes IS NULL) = (used_bytes IS NULL))
            );
            CREATE INDEX usage_limit_by_age ON usage_limit (organization_id, created_revision, subject_id);
            CREATE INDEX usage_limit_of_gateway ON usage_limit (gateway_id);
            CREATE INDEX usage_limit_of_peer ON usage_limit (peer_id);
            CREATE INDEX usage_limit_with_quota ON usage_limit (quota_end) WHERE quota_end IS NOT NULL;
            """
    )
}
