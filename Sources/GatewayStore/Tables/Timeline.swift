/// Begins another history of changes, of which earlier revisions say nothing.
enum Timeline {
    private static let revisionGap = Int64(1) << 32

    /// How many revisions are left out: those that were given out and are not in the journal now are among them.
    static func randomGap() -> Int64 { revisionGap + Int64.random(in: 0..<revisionGap) }

    static func leaveOut(_ gap: Int64, _ db: any SQLConnection) throws(StoreError) {
        let last = Events.lastRevision - gap
        try db.execute(
            "UPDATE journal_position SET revision = revision + \(gap) WHERE revision < \(last)"
        )
    }

    /// The journal goes on far behind its last revision, under another name.
    static func begin(_ db: any SQLConnection) throws(StoreError) {
        try leaveOut(randomGap(), db)
        let name = (0..<32).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        try Installation.set(Array(name.utf8), for: "timeline", db)
    }
}
