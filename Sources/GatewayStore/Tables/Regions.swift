package import GatewayDomain

/// Every statement about regions is here. Regions are the installation's: they name no organization.
package enum Regions {
    /// Keeps the time of creation of a region that is known, and its time of change if its name
    /// stays the same.
    package static func put(_ region: Region, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO region (code, name, created_at, updated_at)
            VALUES (\(region.code), \(region.name), \(region.createdAt), \(region.updatedAt))
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, updated_at = excluded.updated_at
            WHERE region.name <> excluded.name
            """
        )
    }

    package static func find(
        code: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Region? {
        let row = try db.row(
            "SELECT code, name, created_at, updated_at FROM region WHERE code = \(code)"
        )
        guard let row else { return nil }
        return Region(
            code: try row.value("code"),
            name: try row.value("name"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }

    /// The region of an object's row, in columns that begin with `region_`.
    static func joined(_ row: Row) throws(StoreError) -> Region {
        Region(
            code: try row.value("region_code"),
            name: try row.value("region_name"),
            createdAt: try row.value("region_created_at"),
            updatedAt: try row.value("region_updated_at")
        )
    }
}
