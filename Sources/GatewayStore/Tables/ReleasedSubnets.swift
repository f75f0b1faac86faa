package import GatewayDomain
package import NetAddress

/// Every statement about subnets of deleted gateways is here.
package enum ReleasedSubnets {
    /// Those that nobody should get yet. Older ones are forgotten on the way.
    package static func resting(
        in network: Network,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [IPv4Prefix] {
        let cutoff = now.advanced(bySeconds: -SubnetPlan.restSeconds)
        try db.execute(
            """
            DELETE FROM released_subnet
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
                AND released_at <= \(cutoff)
            """
        )
        return try db.rows(
            """
            SELECT subnet FROM released_subnet
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
            """
        ).map(subnet)
    }

    static func put(
        _ subnet: IPv4Prefix,
        of gateway: Gateway,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO released_subnet (network_id, organization_id, subnet, released_at)
            VALUES (\(gateway.networkID), \(gateway.organizationID), \(subnet), \(now))
            ON CONFLICT (network_id, subnet) DO UPDATE SET released_at = excluded.released_at
            """
        )
    }

    private static func subnet(_ row: Row) throws(StoreError) -> IPv4Prefix {
        try row.value("subnet")
    }
}
