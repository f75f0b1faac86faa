package import GatewayDomain

/// Every statement about internet gateways is here.
package enum InternetGateways {
    package static func count(
        inRegion code: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM internet_gateway WHERE region_code = \(code)"
        )
    }

    package static func insert(
        _ gateway: InternetGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO internet_gateway (id, organization_id, network_id, region_code, name,
                status, status_reason, public_address, created_at, updated_at, created_revision)
            VALUES (\(gateway.id), \(gateway.organizationID), \(gateway.networkID),
                \(gateway.region.code), \(gateway.name), \(gateway.status),
                \(gateway.statusReason), \(gateway.publicHost), \(gateway.createdAt),
                \(gateway.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: InternetGatewayID,
        in scope: Scope,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> InternetGateway? {
        try db.object(
            "\(selection) WHERE internet_gateway.id = \(id) AND \(isIn(scope))",
            in: "internet_gateway",
            reading: reading,
            gateway
        )
    }

    package static func list(
        in scope: Scope,
        networkID: NetworkID?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<InternetGateway> {
        var condition = isIn(scope)
        if let networkID { condition.append(" AND internet_gateway.network_id = \(networkID)") }
        return PageOf(
            elements: try db.readable(
                """
                \(selection) WHERE \(condition)
                ORDER BY internet_gateway.created_revision, internet_gateway.id
                LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "internet_gateway",
                gateway
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM internet_gateway WHERE \(condition)"
            )
        )
    }

    package static func exist(
        in network: Network,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT count(*) AS value FROM internet_gateway
            WHERE network_id = \(network.id) AND organization_id = \(network.organizationID)
            """
        ) > 0
    }

    /// The one of a network and a region.
    package static func find(
        of network: NetworkID,
        in regionCode: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> InternetGateway? {
        try all(of: network, db).first { $0.region.code == regionCode }
    }

    /// Those of a network, one in a region at most.
    package static func all(
        of network: NetworkID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [InternetGateway] {
        try db.readable(
            """
            \(selection) WHERE internet_gateway.network_id = \(network)
            ORDER BY internet_gateway.created_revision, internet_gateway.id
            """,
            in: "internet_gateway",
            gateway
        )
    }

    package static func setStatus(
        of gateway: InternetGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE internet_gateway SET status = \(gateway.status),
                status_reason = \(gateway.statusReason), updated_at = \(gateway.updatedAt)
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    package static func delete(
        _ gateway: InternetGateway,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM internet_gateway
            WHERE id = \(gateway.id) AND organization_id = \(gateway.organizationID)
            """
        )
    }

    private static func isIn(_ scope: Scope) -> SQL {
        SQL.isIn(
            scope,
            organization: "internet_gateway.organization_id",
            network: "internet_gateway.network_id"
        )
    }

    private static let selection: SQL = """
        SELECT internet_gateway.id, internet_gateway.organization_id, internet_gateway.network_id,
            internet_gateway.name, internet_gateway.status, internet_gateway.status_reason,
            internet_gateway.public_address,
            internet_gateway.created_at, internet_gateway.updated_at,
            internet_gateway.region_code, \(Regions.joinedColumns)
        FROM internet_gateway LEFT JOIN region ON region.code = internet_gateway.region_code
        """

    private static func gateway(_ row: Row) throws(StoreError) -> InternetGateway {
        InternetGateway(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            networkID: try row.value("network_id"),
            region: try Regions.joined(row),
            name: try row.optional("name"),
            status: try row.value("status"),
            statusReason: try row.optional("status_reason"),
            publicHost: try row.value("public_address"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}
