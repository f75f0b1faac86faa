/// Columns are text, numbers of 64 bits, or bytes. Scripts name these as SQLite does, and say of a table that SQLite keeps it in the
/// order of its key, for which PostgreSQL has no word.
enum ColumnTypes {
    /// The script for PostgreSQL. Text has the order of its bytes there, as it has in SQLite, whatever the
    /// language of the database is.
    static func postgreSQL(_ script: String) -> String {
        script.replacing(" TEXT", with: " TEXT COLLATE \"C\"")
            .replacing(" INTEGER", with: " BIGINT")
            .replacing(" BLOB", with: " BYTEA")
            .replacing(" WITHOUT ROWID", with: "")
    }
}
