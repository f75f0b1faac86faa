import GRDB
import Synchronization

/// Brings the write-ahead log (`wgw.db-wal`) into the main file (`wgw.db`), so that the main file can be
/// told from a whole database.
///
/// Before a checkpoint a row says `incomplete`, and that is what the checkpoint brings into the main
/// file; the first change of the log behind it says `complete`. So both files together are complete,
/// and so is the main file once SQLite has brought the whole log into it, as it does when the last
/// connection closes. The main file without a log that it should have is incomplete: a restored or
/// copied database lacks its last changes, which SQLite by itself would not notice.
///
/// The mark holds the schema's version number too. A copy that SQLite makes (`.backup`, `VACUUM`) has
/// another one, and is complete whatever the mark says.
///
/// What is not noticed: a log that is missing after another program has kept a checkpoint from taking
/// all of the log, until the next one.
final class Checkpoints: Sendable {
    /// The log holds a few pages for each.
    private static let mostCommits = 250
    private static let longestWait = Duration.seconds(10)
    private static let key = "write_ahead_log"

    private struct State {
        var commits = 0
        var last = ContinuousClock.now
    }

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    func noteCommit() async {
        let isDue = state.withLock { state in
            state.commits += 1
            return state.commits >= Self.mostCommits
        }
        if isDue { await run() }
    }

    /// For a database in which little happens.
    func runIfOld() async {
        let isDue = state.withLock { state in
            state.commits > 0 && ContinuousClock.now - state.last >= Self.longestWait
        }
        if isDue { await run() }
    }

    /// One that fails is tried again after the next commit.
    private func run() async {
        do {
            try await writer.writeWithoutTransaction { try Self.perform($0) }
            state.withLock { $0 = State() }
        } catch {
            return
        }
    }

    /// A start on a full disk goes on without.
    func runAtStart() {
        try? writer.writeWithoutTransaction { try Self.perform($0) }
    }

    private static func perform(_ database: Database) throws {
        // On a full disk the log may have no room for the mark, and has some after the checkpoint.
        try? mark(database) { "incomplete \(try schemaVersion($0))" }
        _ = try database.checkpoint(.passive)
        try mark(database) { _ in "complete" }
    }

    private static func mark(
        _ database: Database,
        _ text: (any SQLConnection) throws -> String
    ) throws {
        let db = SQLiteConnection(database: database, damage: DamagedRows())
        try Installation.set(Array(try text(db).utf8), for: key, db)
    }

    /// Whether the main file needs a log. Asked where there is none.
    static func needLog(_ db: any SQLConnection) throws(StoreError) -> Bool {
        guard try db.exists(table: "installation"),
            let mark = try Installation.value(of: key, db)
        else { return false }
        return try String(decoding: mark, as: UTF8.self) == "incomplete \(schemaVersion(db))"
    }

    private static func schemaVersion(_ db: any SQLConnection) throws(StoreError) -> Int {
        try db.row("PRAGMA schema_version")?.value("schema_version") ?? 0
    }
}

extension SQLConnection {
    func exists(table: String) throws(StoreError) -> Bool {
        try number(
            "SELECT count(*) AS value FROM sqlite_schema WHERE type = 'table' AND name = \(table)"
        ) > 0
    }
}
