package import GatewayDomain

/// Every statement about regions is here. Regions are the installation's: they name no organization.
package enum Regions {
    /// Keeps the time of creation of a region that is known, and its time of change if all else stays
    /// the same. What cannot be read of its row is written anew: all gateways' rows show it.
    package static func put(_ region: Region, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO region (code, name, area, site, pop, created_at, updated_at)
            VALUES (\(region.code), \(region.name), \(region.place.area), \(region.place.site),
                \(region.place.pop), \(region.createdAt), \(region.updatedAt))
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, area = excluded.area, site = excluded.site,
                pop = excluded.pop, updated_at = excluded.updated_at,
                created_at = CASE WHEN \(SQL.isNumber("region.created_at"))
                    THEN region.created_at ELSE excluded.created_at END
            WHERE \(SQL.differ("region.name", "excluded.name"))
                OR \(SQL.differ("region.area", "excluded.area"))
                OR \(SQL.differ("region.site", "excluded.site"))
                OR \(SQL.differ("region.pop", "excluded.pop"))
                OR NOT (\(SQL.isNumber("region.created_at")) AND \(SQL.isNumber("region.updated_at")))
            """
        )
    }

    package static func find(
        code: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Region? {
        // SQLite compares a text up to its first U+0000.
        guard Region.isCode(code) else { return nil }
        let row = try db.row(
            "SELECT code AS region_code, \(joinedColumns) FROM region WHERE code = \(code)"
        )
        return try row.map(joined)
    }

    /// Those that can be read, the oldest first.
    package static func all(_ db: any SQLConnection) throws(StoreError) -> [Region] {
        try db.readable(
            "SELECT code AS region_code, \(joinedColumns) FROM region ORDER BY created_at, code",
            in: "region",
            id: "region_code",
            joined
        )
    }

    package static func delete(code: String, _ db: any SQLConnection) throws(StoreError) {
        try db.execute("DELETE FROM region WHERE code = \(code)")
    }

    /// The columns that `joined` reads, except `region_code`, which is a column of the other table.
    static let joinedColumns: SQL = """
        region.name AS region_name, region.area AS region_area, region.site AS region_site,
        region.pop AS region_pop, region.created_at AS region_created_at,
        region.updated_at AS region_updated_at
        """

    /// The region of an object's row, in columns that begin with `region_`.
    static func joined(_ row: Row) throws(StoreError) -> Region {
        Region(
            code: try row.value("region_code"),
            name: try row.value("region_name"),
            place: Region.Place(
                area: try row.optional("region_area"),
                site: try row.optional("region_site"),
                pop: try row.optional("region_pop")
            ),
            createdAt: try row.value("region_created_at"),
            updatedAt: try row.value("region_updated_at")
        )
    }
}
