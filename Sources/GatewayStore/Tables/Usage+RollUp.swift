package import GatewayDomain

/// Hours that are long over become days, and days that are too old are forgotten, in steps that others need not
/// wait for.
extension Usage {
    private static let rolledUpKey = "usage_rolled_up"

    /// What is before this hour, the first of a day, is counted in days.
    package static func rolledUpHour(_ db: any SQLConnection) throws(StoreError) -> UsageHour {
        try Installation.hour(rolledUpKey, db)
    }

    /// What comes later for the hours before is counted in their days from now on.
    package static func setRolledUpHour(
        _ hour: UsageHour,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try Installation.set(hour, for: rolledUpKey, db)
    }

    /// Moves some counts of peers of the oldest hour to its day.
    ///
    /// - Returns: false where no hour before `end` is left.
    package static func rollUpPeers(
        before end: UsageHour,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        guard let hour: UsageHour = try first("hour", of: "usage_peer_hour", db), hour < end else {
            return false
        }
        let part = try peers(limit, of: "usage_peer_hour", where: "hour = \(hour)", db)
        try db.execute(
            """
            INSERT INTO usage_peer_day (day, peer, kind, \(columns))
            SELECT hour / 24, peer, kind, \(columns) FROM usage_peer_hour
            WHERE hour = \(hour) AND \(part)
            ON CONFLICT (day, peer, kind) DO UPDATE SET
                \(sums("usage_peer_day", hours: UsageHour.inDay))
            """
        )
        try db.execute("DELETE FROM usage_peer_hour WHERE hour = \(hour) AND \(part)")
        return true
    }

    /// Moves the days of some gateways whose time to have hours is over, and forgets their hours.
    ///
    /// - Parameter number: of the gateway behind which the step begins; 0 at first.
    /// - Returns: the number of the last one; nil behind the last of all.
    package static func rollUpGateways(
        behind number: Int64,
        before end: UsageHour,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int64? {
        let numbers = try db.rows(
            """
            SELECT number FROM metered_gateway WHERE number > \(number)
            ORDER BY number LIMIT \(limit)
            """
        ).map { row throws(StoreError) in try row.value("number") as Int64 }
        guard let last = numbers.last else { return nil }
        let part: SQL = "gateway > \(number) AND gateway <= \(last)"
        let days: SQL = "\(part) AND day < \(end.number / UsageHour.inDay)"
        try db.execute(
            """
            INSERT INTO usage_gateway_day (gateway, day, kind, \(columns))
            SELECT gateway, day, kind, \(columns) FROM usage_gateway_recent_day WHERE \(days)
            ON CONFLICT (gateway, day, kind) DO UPDATE SET
                \(sums("usage_gateway_day", hours: UsageHour.inDay))
            """
        )
        try db.execute("DELETE FROM usage_gateway_recent_day WHERE \(days)")
        try db.execute("DELETE FROM usage_gateway_hour WHERE \(part) AND hour < \(end)")
        return last
    }

    /// Forgets some counts of peers. Those of gateways stay.
    ///
    /// - Returns: false where no day before `end` is left.
    package static func trimPeers(
        before end: UsageHour,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        let end = end.number / UsageHour.inDay
        guard let day: Int64 = try first("day", of: "usage_peer_day", db), day < end else {
            return false
        }
        let part = try peers(limit, of: "usage_peer_day", where: "day = \(day)", db)
        try db.execute("DELETE FROM usage_peer_day WHERE day = \(day) AND \(part)")
        return true
    }

    private static func first<Value: SQLColumn>(
        _ column: SQL,
        of table: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> Value? {
        try db.row("SELECT min(\(column)) AS value FROM \(table)")?.optional("value")
    }

    /// The condition of the first counts of one time, of about `limit`.
    private static func peers(
        _ limit: Int,
        of table: SQL,
        where time: SQL,
        _ db: any SQLConnection
    ) throws(StoreError) -> SQL {
        let next = try db.row(
            "SELECT peer FROM \(table) WHERE \(time) ORDER BY peer, kind LIMIT 1 OFFSET \(limit)"
        )
        guard let next else { return "1 = 1" }
        // Not a peer without its other kinds, or of a peer with more than that many nothing would be moved.
        return "peer <= \(try next.value("peer") as Int64)"
    }
}
