extension Migrations {
    /// Where a region lies, as far as its operator says so.
    static let regionPlace = Migration(
        id: "2026-11-26-region-place",
        script: """
            ALTER TABLE region ADD COLUMN area TEXT;
            ALTER TABLE region ADD COLUMN site TEXT;
            ALTER TABLE region ADD COLUMN pop TEXT;
            """
    )
}
