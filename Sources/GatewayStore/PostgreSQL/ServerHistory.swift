/// A revision that was committed, on a history of the server's log.
package struct CommittedRevision: Equatable, Sendable {
    let log: String
    var revision: Int64
}

extension CommittedRevision {
    /// - Parameter revision: as it was read in the same transaction.
    /// - Returns: nil for a database that has no server, or on which nothing was written yet.
    package init?(_ revision: Int64, _ db: any SQLConnection) throws(StoreError) {
        guard let history = try ServerHistory(db) else { return nil }
        self.init(log: history.log, revision: revision)
    }
}

/// The history of the server's log that the database was last written on, as the database names it. A promoted
/// replica begins another one.
struct ServerHistory: Equatable {
    static let key = "server_history"

    /// The server's own name for it.
    let log: String
    /// The last revision of the journal when it was first written on.
    let start: Int64

    /// What is to be done by a writer that comes to the database.
    enum Finding: Equatable {
        case same
        /// This is another history, which has all that was committed on the last one.
        case next
        /// A committed change is not there, or this process cannot know that it is.
        case lost
    }

    /// - Parameters:
    ///   - known: the newest that this process knows of.
    ///   - stored: what the database names; nil where no writer has come to it yet.
    ///   - log: that of the server, where it can be read.
    ///   - position: the last revision of the journal now.
    static func judge(
        _ known: CommittedRevision?,
        stored: ServerHistory?,
        log: String?,
        position: Int64
    ) -> Finding {
        guard let stored else { return .next }
        if let log, log != stored.log {
            guard let known, known.log == stored.log else { return .lost }
            return known.revision <= position ? .next : .lost
        }
        guard let known else { return .same }
        // A server that had not seen all may have been the first one on this history.
        let kept = known.log == stored.log ? position : stored.start
        return known.revision <= kept ? .same : .lost
    }
}

extension ServerHistory {
    init?(_ db: any SQLConnection) throws(StoreError) {
        guard let value = try Installation.value(of: Self.key, db) else { return nil }
        let parts = String(decoding: value, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, let start = Int64(parts[1]) else { return nil }
        self.init(log: String(parts[0]), start: start)
    }

    func store(_ db: any SQLConnection) throws(StoreError) {
        try Installation.set(Array("\(log) \(start)".utf8), for: Self.key, db)
    }
}
