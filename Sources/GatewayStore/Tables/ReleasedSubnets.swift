package import GatewayDomain
package import NetAddress

/// Every statement about subnets of deleted gateways is here.
package enum ReleasedSubnets {
    package struct Quarantine: Sendable {
        /// In the order of their release, the oldest first.
        package var subnets: [IPv4Prefix] = []
        /// How many of the first `subnets` may be given away when nothing else is left.
        package var availableCount = 0
    }

    /// The subnets that should not be given away yet. Older ones are deleted here; a release in the
    /// future, as the clock was set back since, counts from now on.
    package static func quarantine(
        in network: Network,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> Quarantine {
        try db.execute(
            """
            UPDATE released_subnet SET released_at = \(now)
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
                AND released_at > \(now)
            """
        )
        let cutoff = now.advanced(bySeconds: -SubnetPlan.quarantineSeconds)
        try db.execute(
            """
            DELETE FROM released_subnet
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
                AND released_at <= \(cutoff)
            """
        )
        let available = now.advanced(bySeconds: -SubnetPlan.shortestQuarantineSeconds)
        let rows = try db.readable(
            """
            SELECT subnet, released_at <= \(available) AS is_available FROM released_subnet
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
            ORDER BY released_at, subnet
            """,
            in: "released_subnet",
            id: "subnet",
            released
        )
        return Quarantine(
            subnets: rows.map { $0.subnet },
            availableCount: rows.count { $0.isAvailable }
        )
    }

    private static func released(
        _ row: Row
    ) throws(StoreError) -> (subnet: IPv4Prefix, isAvailable: Bool) {
        (try row.value("subnet"), try row.value("is_available"))
    }

    /// The subnet of a gateway that was deleted. Of a damaged gateway its network or its subnet may be
    /// unknown: nothing is released then.
    static func put(
        _ subnet: IPv4Prefix,
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        guard SubnetPlan.peerAddresses(in: subnet) != nil else { return }
        try db.execute(
            """
            INSERT INTO released_subnet (network_id, organization_id, subnet, released_at)
            SELECT id, organization_id, \(subnet), \(now) FROM network
            WHERE id = \(gateway.networkID) AND organization_id = \(gateway.organizationID)
            ON CONFLICT (network_id, subnet) DO UPDATE SET released_at = excluded.released_at
            """
        )
    }
}
