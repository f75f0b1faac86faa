extension Migrations {
    /// What peers sent to services and the internet, and what came from there, apart from what they sent each other.
    static let egressBytes = Migration(
        id: "2026-11-27-egress-bytes",
        script: """
            ALTER TABLE peer ADD COLUMN egress_left_bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE peer ADD COLUMN egress_entered_bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN egress_left_bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gateway ADD COLUMN egress_entered_bytes INTEGER NOT NULL DEFAULT 0;
            """
    )
}
