/// Why changes cannot be stored at the moment. Reads go on meanwhile.
package enum StorageTrouble: Error, Equatable, Sendable {
    case full
    case readOnly
    /// Another program holds the database.
    case busy
    /// The files that were opened at the start are not those that their paths lead to any more: what
    /// is written into them would be gone with the process.
    case displaced
    /// The journal has given its last change the largest number that there is.
    case revisionsUsedUp
    /// SQLite's code.
    case failing(code: Int)
    /// No database server answers.
    case unreachable
    /// The database server takes no changes.
    case standby
    /// The database server has no room, memory or connection left.
    case serverFull
    /// A server of a newer version has brought the database to its schema.
    case newerSchema
    /// More calls wait for the database server than it gets done.
    case overloaded
    /// The database server has not confirmed a change, and could not be asked either.
    case unconfirmed
}

/// Whole sentences without paths: callers of the API read them, too.
extension StorageTrouble: CustomStringConvertible {
    package var description: String {
        switch self {
        case .full:
            "The disk of the server's data directory is full."
        case .readOnly:
            "The server's data directory cannot be written to."
        case .busy:
            "Another program holds the server's database."
        case .displaced:
            "The server's data directory was moved, deleted or replaced after the start."
        case .revisionsUsedUp:
            """
            The server's database has no number left for another change of the journal: its table \
            journal_position is damaged, and has to be restored from a backup.
            """
        case .failing(let code):
            "The disk of the server's data directory fails (SQLite's code \(code))."
        case .unreachable:
            "The database server cannot be reached."
        case .standby:
            "The database server takes no changes at the moment."
        case .serverFull:
            "The database server has no room or no connection left."
        case .newerSchema:
            "A newer version of the server has changed the database; this server reads it until it is upgraded, too."
        case .overloaded:
            "The database server does not keep up with what is asked of it."
        case .unconfirmed:
            "The database server has not said whether the change was stored."
        }
    }

    /// What a caller who has met it is told to do.
    package var advice: String {
        switch self {
        case .unconfirmed: "Look whether it was before you make it again."
        default: "Nothing was changed. Try again later."
        }
    }
}
