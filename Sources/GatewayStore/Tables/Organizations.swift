package import GatewayDomain

/// Every statement about organizations is here.
package enum Organizations {
    package static func insert(
        _ organization: Organization,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO organization (id, name, created_at)
            VALUES (\(organization.id), \(organization.name), \(organization.createdAt))
            """
        )
    }

    package static func find(
        named name: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Organization? {
        let row = try db.row("SELECT id, name, created_at FROM organization WHERE name = \(name)")
        guard let row else { return nil }
        return Organization(
            id: try row.value("id"),
            name: try row.value("name"),
            createdAt: try row.value("created_at")
        )
    }
}
