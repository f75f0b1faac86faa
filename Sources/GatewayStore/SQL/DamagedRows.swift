import Synchronization

/// A row of the database that cannot be used as it is.
package struct DamagedRow: Hashable, Sendable {
    package let table: String
    /// As it is stored, for a database shell.
    package let id: String
    package let column: String

    package init(table: String, id: String, column: String) {
        self.table = table
        self.id = id
        self.column = column
    }
}

/// What becomes of an object whose row cannot be read as a whole.
package enum Reading: Sendable {
    /// It is refused with `StoreError.damaged`.
    case strict
    /// It is read with substitutes for the columns that cannot be read. Deleting is the one change that
    /// needs none of them.
    case forDeletion
}

/// The set of damaged rows that were read since the start.
package final class DamagedRows: Sendable {
    /// Bounds the memory: further damaged rows are neither remembered nor logged.
    private static let most = 10_000

    private struct State {
        var rows: Set<DamagedRow> = []
        var tell: (@Sendable (DamagedRow) -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.rows.count } }

    package func note(_ row: DamagedRow) {
        let tell = state.withLock { state -> (@Sendable (DamagedRow) -> Void)? in
            guard state.rows.count < Self.most, state.rows.insert(row).inserted else { return nil }
            return state.tell
        }
        tell?(row)
    }

    /// Calls `body` once for each damaged row: at once for those noted before, then for each new one.
    package func onEach(_ body: @escaping @Sendable (DamagedRow) -> Void) {
        let known = state.withLock { state in
            state.tell = body
            return state.rows
        }
        known.forEach(body)
    }
}
