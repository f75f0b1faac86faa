package import GatewayDomain
package import NetAddress

/// Which addresses of a gateway's subnet peers can have; every statement about that is here.
///
/// Every address below `gateway.next_address` is taken, or is in `released_address`: in quarantine
/// first, and free when that has ended (`is_rested`). From there on an address may have been asked for,
/// so it is looked at before it is given: it is free if it is neither taken nor released. Taken is what
/// the gateway or a peer has, and what lies in a network behind a peer.
///
/// So the lowest free address is the lowest one after quarantine or else the next: found by index,
/// however many peers there are, and mostly by one statement. Where neither exists, the one released first is taken.
package enum PeerAddresses {
    /// For a peer that is inserted next, with which the address is taken.
    ///
    /// Nil when every address is taken, or was released less than `shortestQuarantineSeconds` ago.
    package static func takeLowest(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        guard var candidates = try candidates(of: gateway, at: now, db) else { return nil }
        if candidates.areLate {
            try endQuarantine(of: gateway, at: now, db)
            candidates = try self.candidates(of: gateway, at: now, db) ?? candidates
        }
        if let rested = candidates.rested {
            try deleteReleased(rested...rested, of: gateway.id, of: gateway.organizationID, db)
            return rested
        }
        if candidates.isNextFree, gateway.mayGive(candidates.next) { return candidates.next }
        if let free = try takeNext(candidates.next, of: gateway, db) { return free }
        return try takeLongestQuarantined(of: gateway, at: now, db)
    }

    /// Takes an address that a request asks for and no peer has, quarantined or not: who asks for it by
    /// name knows who had it before.
    package static func take(
        _ address: IPv4Address,
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try deleteReleased(address...address, of: gateway.id, of: gateway.organizationID, db)
        // A gateway that is given all its addresses in their order has none to skip afterwards.
        try db.execute(
            """
            UPDATE gateway SET next_address = next_address + 1
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND next_address = \(address)
            """
        )
    }

    /// The addresses of a network behind the peer are given to no other peer of its gateway.
    static func withdraw(
        _ prefix: IPPrefix,
        of peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard case .v4(let prefix) = prefix else { return }
        let addresses = prefix.firstAddress...prefix.lastAddress
        try deleteReleased(addresses, of: peer.gatewayID, of: peer.organizationID, db)
    }

    /// The addresses of what was a network behind a peer of this gateway can be given again.
    static func restore(
        _ prefix: IPPrefix,
        to gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard case .v4(let prefix) = prefix, gateway.subnet.contains(prefix) else { return }
        let first = max(
            prefix.firstAddress,
            IPv4Address(bits: gateway.subnet.firstAddress.bits + 1)
        )
        try db.execute(
            """
            UPDATE gateway SET next_address = \(first)
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                AND next_address > \(first)
            """
        )
    }

    /// Only an address that peers of this gateway can have is released: of a damaged peer the address may be
    /// unknown, and of a damaged gateway the subnet.
    static func release(
        _ address: IPv4Address,
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard gateway.mayGive(address) else { return }
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

    /// What one statement says of the addresses that may be given.
    private struct Candidates {
        /// Whether quarantines are to be ended or restarted first.
        let areLate: Bool
        /// The lowest one after quarantine.
        let rested: IPv4Address?
        let next: IPv4Address
        /// Whether the next one surely is neither taken nor released.
        let isNextFree: Bool
    }

    /// Nil for a gateway that is not there.
    private static func candidates(
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Candidates? {
        let cutoff = now.advanced(bySeconds: -SubnetPlan.quarantineSeconds)
        let released: SQL = """
            FROM released_address WHERE released_address.gateway_id = gateway.id
                AND released_address.organization_id = gateway.organization_id
            """
        let row = try db.row(
            """
            SELECT next_address,
                EXISTS (SELECT 1 \(released) AND is_rested = 0 AND released_at > \(now))
                OR EXISTS (SELECT 1 \(released) AND is_rested = 0 AND released_at <= \(cutoff))
                    AS are_late,
                (SELECT address \(released) AND is_rested = 1 AND \(SQL.isNumber("address"))
                    ORDER BY address LIMIT 1) AS rested,
                NOT EXISTS (SELECT 1 FROM peer WHERE peer.gateway_id = gateway.id
                    AND peer.organization_id = gateway.organization_id
                    AND peer.address = gateway.next_address)
                AND NOT EXISTS (SELECT 1 \(released)
                    AND released_address.address = gateway.next_address)
                AND NOT EXISTS (SELECT 1 FROM peer_prefix
                    WHERE peer_prefix.network_id = gateway.network_id
                        AND peer_prefix.organization_id = gateway.organization_id)
                    AS is_next_free
            FROM gateway WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
        guard let row else { return nil }
        return Candidates(
            areLate: try row.value("are_late"),
            rested: try row.optional("rested"),
            next: try row.value("next_address"),
            isNextFree: try row.value("is_next_free")
        )
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
                AND \(SQL.isNumber("address"))
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
        try deleteReleased(address...address, of: gateway.id, of: gateway.organizationID, db)
        return address
    }

    private static func deleteReleased(
        _ addresses: ClosedRange<IPv4Address>,
        of gateway: GatewayID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM released_address
            WHERE gateway_id = \(gateway) AND organization_id = \(organization)
                AND address BETWEEN \(addresses.lowerBound) AND \(addresses.upperBound)
            """
        )
    }

    /// Passes over what is taken or released from `next` on.
    private static func takeNext(
        _ next: IPv4Address,
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        guard let last = SubnetPlan.peerAddresses(in: gateway.subnet)?.upperBound else {
            return nil
        }
        var address = next
        while address <= last, let end = try endOfTaken(address...last, of: gateway, db) {
            address = end
        }
        let isFree = address <= last
        if !isFree { address = IPv4Address(bits: last.bits + 1) }
        if address != next {
            try db.execute(
                """
                UPDATE gateway SET next_address = \(address)
                WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
                """
            )
        }
        return isFree ? address : nil
    }

    /// Behind the new values of other columns in an update of a gateway: an address that a peer has is not the next one.
    static func following(_ address: IPv4Address) -> SQL {
        """
        , next_address = CASE WHEN next_address = \(address) THEN next_address + 1
            ELSE next_address END
        """
    }

    /// Nil where the first of the addresses is neither taken nor released; otherwise the address behind
    /// those that are, as far as one index shows.
    private static func endOfTaken(
        _ addresses: ClosedRange<IPv4Address>,
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        let address = addresses.lowerBound
        guard gateway.mayGive(address) else { return IPv4Address(bits: address.bits + 1) }
        let route = try PeerPrefixes.overlapping(
            IPPrefix(.v4(address)),
            in: gateway.networkID,
            of: gateway.organizationID,
            db
        )
        if case .v4(let prefix)? = route?.prefix {
            return IPv4Address(bits: prefix.lastAddress.bits + 1)
        }
        if let end = try endOfRun("peer", addresses, of: gateway, db) { return end }
        return try endOfRun("released_address", addresses, of: gateway, db)
    }

    /// Behind the rows whose addresses follow one another from the first of `addresses` on; nil where
    /// none has that.
    private static func endOfRun(
        _ table: SQL,
        _ addresses: ClosedRange<IPv4Address>,
        of gateway: Gateway,
        _ db: any SQLConnection
    ) throws(StoreError) -> IPv4Address? {
        let rows: SQL = """
            FROM \(table) WHERE gateway_id = \(gateway.id)
                AND organization_id = \(gateway.organizationID)
            """
        let first = try db.row("SELECT 1 AS found \(rows) AND address = \(addresses.lowerBound)")
        guard first != nil else { return nil }
        return try db.row(
            """
            SELECT address + 1 AS behind \(rows)
                AND address BETWEEN \(addresses.lowerBound) AND \(addresses.upperBound)
                AND NOT EXISTS (SELECT 1 FROM \(table) AS next WHERE next.gateway_id = \(gateway.id)
                    AND next.address = \(table).address + 1)
            ORDER BY address LIMIT 1
            """
        )?.value("behind")
    }
}
