package import GatewayDomain

/// Every statement about default gateways is here.
package enum DefaultGateways {
    package static func insert(
        _ gateway: DefaultGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO default_gateway (id, organization_id, network_id, peer_id, status,
                status_reason, created_at, updated_at, created_revision)
            VALUES (\(gateway.id), \(gateway.organizationID), \(gateway.networkID),
                \(gateway.peerID), \(gateway.status), \(gateway.statusReason),
                \(gateway.createdAt), \(gateway.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func find(
        of network: NetworkID,
        of organization: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> DefaultGateway? {
        try db.object(
            """
            SELECT id, organization_id, network_id, peer_id, status, status_reason, created_at,
                updated_at
            FROM default_gateway
            WHERE network_id = \(network) AND organization_id = \(organization)
            """,
            in: "default_gateway",
            reading: reading,
            gateway
        )
    }

    /// For a row of `peer`: whether it is the default gateway of its network.
    static let column: SQL = """
        EXISTS (SELECT 1 FROM default_gateway WHERE peer_id = peer.id) AS is_default_gateway
        """

    package static func setStatus(
        of gateway: DefaultGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE default_gateway SET status = \(gateway.status),
                status_reason = \(gateway.statusReason), updated_at = \(gateway.updatedAt)
            WHERE network_id = \(gateway.networkID) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    /// A network has one at most: its own id may be unreadable.
    package static func delete(
        _ gateway: DefaultGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM default_gateway
            WHERE network_id = \(gateway.networkID) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    private static func gateway(_ row: Row) throws(StoreError) -> DefaultGateway {
        DefaultGateway(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            peerID: try row.optional("peer_id"),
            status: try row.value("status"),
            statusReason: try row.optional("status_reason"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}
