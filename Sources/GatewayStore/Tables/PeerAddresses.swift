package import GatewayDomain
package import NetAddress

/// Which addresses of a gateway's subnet peers can have; every statement about that is here.
///
/// Every address from `gateway.next_address` on was never given out. Every one below it belongs to
/// a peer or is in `released_address`: in quarantine first, and free when that has ended (`is_rested`).
/// So the lowest free address is the lowest one after quarantine or else the next: found by index,
/// however many peers there are. Where neither exists, the one released first is taken.
package enum PeerAddresses {
    /// Nil when every address is taken, or was released less than `shortestQuarantineSeconds` ago.
    package static func takeLowest(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        try endQuarantine(of: gateway, at: now, db)
        if let free = try takeAfterQuarantine(of: gateway, db) { return free }
        if let next = try takeNext(of: gateway, db) { return next }
        return try takeLongestQuarantined(of: gateway, at: now, db)
    }

    /// Only an address that peers of this gateway can have is released: of a damaged peer the address may be
    /// unknown, and of a damaged gateway the subnet.
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

    /// A release in the future was before the clock was set back: how long ago is not known, so the
    /// quarantine starts again.
    private static func restartQuarantines(
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

    private static func endQuarantine(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try restartQuarantines(of: gateway, after: now, db)
        let cutoff = now.advanced(bySeconds: -SubnetPlan.quarantineSeconds)
        try db.execute(
            """
            UPDATE released_address SET is_rested = 1
            WHERE gateway_id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND is_rested = 0 AND released_at <= \(cutoff)
            """
        )
    }

    private static func takeAfterQuarantine(
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

    private static func takeLongestQuarantined(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        let cutoff = now.advanced(bySeconds: -SubnetPlan.shortestQuarantineSeconds)
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
