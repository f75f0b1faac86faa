package import GatewayDomain

/// Gateways of all kinds, as what is attached to one network.
package enum NetworkInterfaces {
    package static func list(
        of network: Network,
        filter: InterfaceFilter,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<NetworkInterface> {
        var condition: SQL = "1 = 1"
        if let name = filter.name { condition.append(" AND interface.name = \(name)") }
        if let type = filter.type { condition.append(" AND interface.type = \(type)") }
        if let status = filter.status { condition.append(" AND interface.status = \(status)") }
        let source = interfaces(of: network)
        return PageOf(
            elements: try db.readable(
                """
                SELECT interface.*, \(Regions.joinedColumns)
                FROM (\(source)) AS interface
                LEFT JOIN region ON region.code = interface.region_code
                WHERE \(condition)
                ORDER BY interface.created_revision, interface.id
                LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "network_interface",
                interface
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM (\(source)) AS interface WHERE \(condition)"
            )
        )
    }

    private static func interfaces(of network: Network) -> SQL {
        """
        SELECT id, \(NetworkInterface.Kind.wireGuard.rawValue) AS type, network_id, region_code,
            name, status, created_at, updated_at, created_revision
        FROM gateway
        WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
        UNION ALL
        SELECT id, \(NetworkInterface.Kind.internetGateway.rawValue), network_id, region_code,
            name, status, created_at, updated_at, created_revision
        FROM internet_gateway
        WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
        """
    }

    private static func interface(_ row: Row) throws(StoreError) -> NetworkInterface {
        guard let kind = NetworkInterface.Kind(rawValue: try row.value("type")) else {
            throw .unreadableColumn("type")
        }
        return NetworkInterface(
            id: try row.value("id"),
            kind: kind,
            networkID: try row.value("network_id"),
            region: try Regions.joined(row),
            name: try row.optional("name"),
            status: try row.value("status"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}
