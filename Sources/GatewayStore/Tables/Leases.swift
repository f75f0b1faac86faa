package import GatewayDomain

/// Who of several servers does something alone, until when. Every statement about that is here. Times are those of the
/// transaction, and so of one clock.
package enum Leases {
    package struct Lease: Equatable, Sendable {
        package let name: String
        package let holder: String
        /// Larger than that of each holder before.
        package let epoch: Int64
        package let endsAt: Timestamp

        package init(name: String, holder: String, epoch: Int64, endsAt: Timestamp) {
            self.name = name
            self.holder = holder
            self.epoch = epoch
            self.endsAt = endsAt
        }
    }

    package static func find(
        _ name: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Lease? {
        try db.row("SELECT \(columns) FROM lease WHERE name = \(name)").map(lease)
    }

    package static func put(_ lease: Lease, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO lease (name, holder, epoch, ends_at)
            VALUES (\(lease.name), \(lease.holder), \(lease.epoch), \(lease.endsAt))
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, epoch = excluded.epoch, ends_at = excluded.ends_at
            """
        )
    }

    /// Those of servers that have not been heard of since then: nothing refers to their epochs.
    package static func delete(
        named prefix: String,
        endedBefore time: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            DELETE FROM lease
            WHERE substr(name, 1, CAST(\(prefix.utf8.count) AS INTEGER)) = \(prefix)
                AND ends_at < \(time)
            """
        )
    }

    private static let columns: SQL = "name, holder, epoch, ends_at"

    private static func lease(_ row: Row) throws(StoreError) -> Lease {
        Lease(
            name: try row.value("name"),
            holder: try row.value("holder"),
            epoch: try row.value("epoch"),
            endsAt: try row.value("ends_at")
        )
    }
}
