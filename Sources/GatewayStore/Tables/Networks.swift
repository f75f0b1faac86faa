package import GatewayDomain

/// Every statement about networks is here.
package enum Networks {
    package static func insert(_ network: Network, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO network (id, organization_id, name, address_block, created_at, updated_at,
                created_revision)
            VALUES (\(network.id), \(network.organizationID), \(network.name),
                \(network.addressBlock), \(network.createdAt), \(network.updatedAt),
                \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: NetworkID,
        in scope: Scope,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Network? {
        try db.object(
            "SELECT \(columns) FROM network WHERE id = \(id) AND \(SQL.isIn(scope, network: "id"))",
            in: "network",
            reading: reading,
            network
        )
    }

    package static func list(
        in scope: Scope,
        _ filter: NetworkFilter = NetworkFilter(),
        order: ListOrder<NetworkSortMember> = .oldestFirst,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Network> {
        var condition = SQL.isIn(scope, network: "id")
        if let name = filter.name { condition.append(" AND name = \(name)") }
        if let part = filter.nameContains {
            condition.append(" AND \(SQL.contains("name", part))")
        }
        let list: SQL = """
            SELECT \(columns) FROM network WHERE \(condition)
            ORDER BY \(order.sql) LIMIT \(page.size) OFFSET \(page.offset)
            """
        let count: SQL = "SELECT count(*) AS value FROM network WHERE \(condition)"
        return PageOf(
            elements: try db.readable(list.notKept, in: "network", network),
            page: page,
            totalResults: try db.number(count.notKept)
        )
    }

    package static func count(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM network WHERE organization_id = \(organization)"
        )
    }

    package static func rename(_ network: Network, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            UPDATE network SET name = \(network.name), updated_at = \(network.updatedAt)
            WHERE id = \(network.id) AND organization_id = \(network.organizationID)
            """
        )
    }

    package static func delete(_ network: Network, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM network
            WHERE id = \(network.id) AND organization_id = \(network.organizationID)
            """
        )
    }

    private static let columns: SQL =
        "id, organization_id, name, address_block, created_at, updated_at"

    private static func network(_ row: Row) throws(StoreError) -> Network {
        Network(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            name: try row.value("name"),
            addressBlock: try row.value("address_block"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}

extension ListOrder<NetworkSortMember> {
    fileprivate var sql: SQL {
        switch member {
        case .age: sql(by: "created_revision")
        case .name: sql(by: SQL.caseless("name"))
        }
    }
}
