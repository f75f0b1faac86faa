extension Migrations {
    /// Which private services the peers of either gateway of a link reach over it, and whether the internet; and what the
    /// gateway's subnet is to the outside of the other node for that.
    static let linkWaysOut = Migration(
        id: "2026-11-27-link-ways-out",
        script: """
            ALTER TABLE backbone_link ADD COLUMN first_services TEXT NOT NULL DEFAULT '';
            ALTER TABLE backbone_link ADD COLUMN first_internet INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE backbone_link ADD COLUMN first_egress_range TEXT;
            ALTER TABLE backbone_link ADD COLUMN second_services TEXT NOT NULL DEFAULT '';
            ALTER TABLE backbone_link ADD COLUMN second_internet INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE backbone_link ADD COLUMN second_egress_range TEXT;
            """
    )
}
