import GatewayDomain
import Synchronization

/// When the use of an API key or a session was last written down: at most once in an interval, since
/// otherwise every request would be a write.
final class UseNotes<ID: Hashable & Sendable>: Sendable {
    static var seconds: Int64 { 60 }
    /// More than this in use at once are written down more often.
    private static var capacity: Int { 10_000 }

    private let uses = Mutex<[ID: Timestamp]>([:])

    /// Whether this use is to be written down, which is so for the first in an interval. The others of the
    /// interval are told no, whether or not writing succeeds.
    func take(_ id: ID, lastUsedAt: Timestamp?, at now: Timestamp) -> Bool {
        uses.withLock { uses in
            let known = uses[id] ?? lastUsedAt
            if let known, known <= now, now < known.advanced(bySeconds: Self.seconds) {
                return false
            }
            if uses.count >= Self.capacity { uses.removeAll() }
            uses[id] = now
            return true
        }
    }
}
