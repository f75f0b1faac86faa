package import GatewayDomain
package import NetAddress

/// Which addresses of a gateway's subnet peers can have; every statement about that is here.
///
/// Every address from `gateway.next_address` on was never given out. Every one below it belongs to
/// a peer or is in `released_address`, first resting, then rested. So the lowest free address is
/// the lowest rested one or else the next: found by index, however many peers there are. When there is
/// neither, the one that has rested longest is taken.
package enum PeerAddresses {
    /// Nil when every address is taken, or was until a moment ago.
    package static func takeLowest(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        try endRest(of: gateway, at: now, db)
        if let rested = try takeRested(of: gateway, db) { return rested }
        if let next = try takeNext(of: gateway, db) { return next }
        return try takeLongestResting(of: gateway, at: now, db)
    }

    /// Of a damaged peer or gateway the address or the subnet may be unknown: what is no address of a
    /// peer of this gateway is not released.
    static func release(
        _ address: IPv4Address,
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard SubnetPlan.peerAddresses(in: gateway.subnet)?.contains(address) == true else {
            return
        }
        try db.execute(
            """
            INSERT INTO released_address (gateway_id, organization_id, address, released_at)
            VALUES (\(gateway.id), \(gateway.organizationID), \(address), \(now))
            ON CONFLICT (gateway_id, address) DO UPDATE
            SET released_at = excluded.released_at, is_rested = 0
            """
        )
    }

    /// What was released at a time that is still to come was so before the clock was set back: how long
    /// it has rested is not known, so it rests from now on.
    private static func restartRests(
        of gateway: Gateway,
        after now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE released_address SET released_at = \(now)
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND is_rested = 0 AND released_at > \(now)
            """
        )
    }

    private static func endRest(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try restartRests(of: gateway, after: now, db)
        let cutoff = now.advanced(bySeconds: -SubnetPlan.restSeconds)
        try db.execute(
            """
            UPDATE released_address SET is_rested = 1
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND is_rested = 0 AND released_at <= \(cutoff)
            """
        )
    }

    private static func takeRested(
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        let row = try db.row(
            """
            SELECT address FROM released_address
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND is_rested = 1 AND typeof(address) = 'integer'
            ORDER BY address LIMIT 1
            """
        )
        return try take(row, of: gateway, db)
    }

    private static func takeLongestResting(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        let cutoff = now.advanced(bySeconds: -SubnetPlan.shortestRestSeconds)
        let row = try db.row(
            """
            SELECT address FROM released_address
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND is_rested = 0 AND released_at <= \(cutoff)
                AND typeof(address) = 'integer'
            ORDER BY released_at LIMIT 1
            """
        )
        return try take(row, of: gateway, db)
    }

    private static func take(
        _ row: Row?,
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        guard let address: IPv4Address = try row?.value("address") else { return nil }
        try db.execute(
            """
            DELETE FROM released_address
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND address = \(address)
            """
        )
        return address
    }

    private static func takeNext(
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        guard let last = SubnetPlan.peerAddresses(in: gateway.subnet)?.upperBound else {
            return nil
        }
        let row = try db.row(
            """
            UPDATE gateway SET next_address = next_address + 1
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND next_address <= \(last)
            RETURNING next_address - 1 AS address
            """
        )
        return try row?.value("address")
    }
}
