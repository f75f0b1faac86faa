package import GatewayDomain

/// Every statement about what the whole installation shares: it belongs to no organization.
package enum Installation {
    /// The commands with which an operator says anew which organization is theirs: the one of that NAME.
    package static let operatorOrganizationRemedy = """
        sqlite3 wgw.db "REPLACE INTO installation SELECT 'operator_organization', CAST(id AS BLOB) \
        FROM organization WHERE name = 'NAME'", or, on PostgreSQL, psql URL -c "INSERT INTO \
        installation SELECT 'operator_organization', convert_to(id, 'UTF8') FROM organization \
        WHERE name = 'NAME' ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        """

    private static let operatorOrganization = "operator_organization"

    /// The operator's own organization; nil in an installation that was never started. It is found by
    /// its id, whatever its name is now.
    package static func operatorOrganizationID(
        _ db: any SQLConnection
    ) throws(StoreError) -> OrganizationID? {
        try db.object(
            "SELECT key, value FROM installation WHERE key = \(operatorOrganization)",
            in: "installation",
            id: "key"
        ) { row throws(StoreError) in
            let text = String(decoding: try row.value("value") as [UInt8], as: UTF8.self)
            guard let id = OrganizationID(text) else { throw .unreadableColumn("value") }
            return id
        }
    }

    package static func setOperatorOrganization(
        _ id: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try insert(Array(id.description.utf8), for: operatorOrganization, db)
    }

    /// Which history of changes this is: another one after a restore, of which earlier revisions say nothing.
    package static func timeline(_ db: any SQLConnection) throws(StoreError) -> String {
        let value = try value(of: "timeline", db) ?? []
        return String(decoding: value, as: UTF8.self)
    }

    package static func value(
        of key: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> [UInt8]? {
        try db.row("SELECT value FROM installation WHERE key = \(key)")?.value("value")
    }

    package static func set(
        _ value: [UInt8],
        for key: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO installation (key, value) VALUES (\(key), \(value))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """
        )
    }

    package static func remove(_ key: String, _ db: any SQLConnection) throws(StoreError) {
        try db.execute("DELETE FROM installation WHERE key = \(key)")
    }

    /// Set once; a second value for the same key is refused.
    package static func insert(
        _ value: [UInt8],
        for key: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("INSERT INTO installation (key, value) VALUES (\(key), \(value))")
    }
}
