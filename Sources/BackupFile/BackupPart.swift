/// What a backup is made of. In the file a part is its number, its length in eight bytes, the highest first,
/// and its bytes. Parts come in the order of their numbers, each once at most; the number 0 is the end.
package enum BackupPart: UInt8, CaseIterable, Sendable {
    /// The text that `WGW_MASTER_KEY` takes.
    case masterKey = 1
    /// The first API key, of an installation that made it.
    case apiKey = 2
    /// A database of SQLite that needs no log.
    case database = 3

    static let end: UInt8 = 0
    /// Bytes in front of a part's own.
    static let headLength = 9

    /// Bytes, at most.
    var longest: UInt64 {
        switch self {
        case .masterKey, .apiKey: 4_096
        case .database: 1 << 48
        }
    }
}
