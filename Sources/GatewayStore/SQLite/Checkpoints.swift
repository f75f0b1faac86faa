import GRDB
import Synchronization

/// Brings the write-ahead log (`wgw.db-wal`) into the main file (`wgw.db`), between marks that tell
/// whether the main file is complete without its log.
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
/// Not noticed: a log that is missing after another program has kept a checkpoint from taking
/// all of the log, until the next one; and damage behind a log's header, which SQLite takes for the end
/// that a power cut left.
///
/// A false alarm: a kill between the two marks, after which another program,
/// or an older version of this one, and not this one is the next to close the database. SQLite then
/// brings a log into the main file that ends with `incomplete`. Everything else that ends a store says
/// `complete` first.
final class Checkpoints: Sendable {
    /// This many commits make a checkpoint due. The log holds a few pages for each.
    private static let mostCommits = 250
    /// A log of this size makes a checkpoint due: 1000 pages, as for SQLite's own checkpoints.
    private static let mostLogBytes = 4_096_000
    private static let longestWait = Duration.seconds(10)
    static let key = "write_ahead_log"
    private static let complete = "complete"

    private struct Progress {
        /// Number of commits since the last checkpoint began.
        var commits = 0
        /// Size of the log's file after the last checkpoint. SQLite overwrites the file from its beginning
        /// and shortens it to `mostLogBytes`.
        var logBytes = 0
        var last = ContinuousClock.now
        var running: Task<Void, Never>?
        var hasEnded = false
    }

    private let writer: any DatabaseWriter
    private let files: DatabaseFiles
    private let state = Mutex(Progress())

    init(_ writer: any DatabaseWriter, _ files: DatabaseFiles) {
        self.writer = writer
        self.files = files
    }

    static func prepare(_ database: Database) throws {
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        try database.execute(sql: "PRAGMA journal_size_limit = \(mostLogBytes)")
    }

    /// Called after each commit. Begins a checkpoint that is due, without waiting for it.
    func noteCommit() {
        let logBytes = files.logBytes
        state.withLock { state in
            state.commits += 1
            guard
                state.commits >= Self.mostCommits
                    || logBytes >= state.logBytes + Self.mostLogBytes
            else { return }
            _ = begin(&state)
        }
    }

    /// Runs a checkpoint if there were commits and the last one is `longestWait` ago.
    func runIfOld() async {
        let running = state.withLock { state -> Task<Void, Never>? in
            guard state.commits > 0, ContinuousClock.now - state.last >= Self.longestWait else {
                return nil
            }
            return begin(&state)
        }
        await running?.value
    }

    func run() async {
        await state.withLock { begin(&$0) }.value
    }

    /// One at a time, and in a task of its own: GRDB interrupts what runs in a task that is cancelled,
    /// and between the marks nothing may be.
    private func begin(_ state: inout Progress) -> Task<Void, Never> {
        if let running = state.running { return running }
        let commits = state.commits
        state.commits = 0
        let task = Task { await perform(after: commits) }
        state.running = task
        return task
    }

    /// A checkpoint that fails is tried again after the next commit.
    private func perform(after commits: Int) async {
        let isDone: Bool
        do {
            try await writer.writeWithoutTransaction { [self] database in
                guard !state.withLock(\.hasEnded) else { return }
                try Self.perform(database)
            }
            isDone = true
        } catch {
            isDone = false
        }
        let logBytes = files.logBytes
        state.withLock { state in
            state.running = nil
            if isDone {
                state.last = .now
                state.logBytes = logBytes
            } else {
                state.commits += commits
            }
        }
    }

    /// May fail, as on a full disk: the start goes on.
    func runAtStart() {
        try? writer.writeWithoutTransaction { try Self.perform($0) }
    }

    /// To be called when nothing is written any more. SQLite brings the log into the main file when the last
    /// connection closes; where the disk has no room, the log stays.
    func end() {
        state.withLock { $0.hasEnded = true }
        complete()
    }

    /// Writes the mark `complete` that a kill between the marks prevented, as long as the log that belongs
    /// to the main file exists.
    func complete() {
        try? writer.writeWithoutTransaction { database in
            let db = SQLiteConnection(database: database, damage: DamagedRows())
            guard let mark = try Self.currentMark(db), mark != Self.complete else { return }
            do {
                try Self.mark(database) { _ in Self.complete }
            } catch {
                // The log begins anew after this, and the mark needs no room.
                _ = try database.checkpoint(.passive)
                try Self.mark(database) { _ in Self.complete }
            }
        }
    }

    private static func perform(_ database: Database) throws {
        // On a full disk the log may have no room for the mark, and has some after the checkpoint.
        try? mark(database) { "incomplete \(try schemaVersion($0))" }
        // Into the log only: the main file keeps `incomplete` until a checkpoint has succeeded.
        let done = Result { try database.checkpoint(.passive) }
        try mark(database) { _ in complete }
        _ = try done.get()
    }

    private static func mark(
        _ database: Database,
        _ text: (any SQLConnection) throws -> String
    ) throws {
        let db = SQLiteConnection(database: database, damage: DamagedRows())
        try Installation.set(Array(try text(db).utf8), for: key, db)
    }

    /// Whether the main file is incomplete without its log. Asked when the log is missing.
    static func needLog(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try currentMark(db) == "incomplete \(schemaVersion(db))"
    }

    private static func currentMark(_ db: any SQLConnection) throws(StoreError) -> String? {
        guard try db.exists(table: "installation"),
            let mark = try Installation.value(of: key, db)
        else { return nil }
        return String(decoding: mark, as: UTF8.self)
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
