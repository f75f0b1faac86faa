extension Migrations {
    /// The revision of the journal's newest entry, in the one row of a table of its own: SQLite counted it by
    /// itself, which PostgreSQL cannot do without gaps and in the order of commits. Behind a restore it is
    /// larger than that of the newest entry (`DatabaseCopy.beginTimeline`).
    static let journalPosition = Migration(
        id: "2026-11-27-journal-position",
        script: """
            CREATE TABLE journal_position (
                id INTEGER NOT NULL PRIMARY KEY,
                revision INTEGER NOT NULL,
                CONSTRAINT journal_position_is_one_row CHECK (id = 1)
            );
            INSERT INTO journal_position (id, revision)
            SELECT 1, max(coalesce((SELECT max(revision) FROM event), 0),
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0));
            """
    )
}
