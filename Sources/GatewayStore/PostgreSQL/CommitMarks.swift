import GatewayDomain

/// What each writer has committed last: a writer that loses its connection while it commits finds out by
/// its mark whether the transaction was stored.
enum CommitMarks {
    private static let keptSeconds: Int64 = 24 * 60 * 60

    /// Names a writer, for as long as its process runs.
    struct Writer {
        fileprivate let name = String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// A statement of the transaction that is to be committed. It answers the last revision of the journal.
    static func mark(_ number: Int64, of writer: Writer, at time: Timestamp) -> SQL {
        """
        INSERT INTO commit_mark (writer, number, marked_at)
        VALUES (\(writer.name), \(number), \(time))
        ON CONFLICT (writer) DO UPDATE SET number = excluded.number, marked_at = excluded.marked_at
        RETURNING (SELECT revision FROM journal_position WHERE id = 1) AS revision
        """
    }

    /// Marks of writers that are long gone.
    static func discardOld(at time: Timestamp) -> SQL {
        "DELETE FROM commit_mark WHERE marked_at < \(time.advanced(bySeconds: -keptSeconds))"
    }

    static func has(
        _ number: Int64,
        of writer: Writer,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT count(*) AS value FROM commit_mark
            WHERE writer = \(writer.name) AND number = \(number)
            """
        ) > 0
    }
}
