/// Why a database did not become a copy of another one. Nothing was stored then.
package enum TransferFailure: Error, Equatable, Sendable {
    /// The source holds no table of wgw.
    case nothingThere
    /// A server has not ended its lease of the source.
    case inUse
    /// The target holds rows in this table.
    case notEmpty(table: String)
    /// A row that the target does not take, with what it says of it.
    case refused(table: String, id: String, reason: String)
    /// What was read back from the target is not what the source has.
    case differs(table: String, id: String)
}

extension TransferFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothingThere:
            "the database holds no installation; see that its URL names the right one"
        case .inUse:
            """
            a server uses the database; stop all servers, and try again ten seconds after the last one has ended
            """
        case .notEmpty(let table):
            "the new database is not empty, it has rows in \(table); name one that is"
        case .refused(let table, let id, let reason):
            """
            the new database does not take row \(id) of \(table): \(reason); mend or delete it in the old one
            """
        case .differs(let table, let id):
            """
            row \(id) of \(table) was read back from the new database with other values; nothing was stored there
            """
        }
    }
}
