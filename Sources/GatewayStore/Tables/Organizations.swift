package import GatewayDomain

/// Every statement about organizations is here.
package enum Organizations {
    package static func insert(
        _ organization: Organization,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO organization (id, name, suspended_at, created_at, updated_at,
                created_revision)
            VALUES (\(organization.id), \(organization.name), \(organization.suspendedAt),
                \(organization.createdAt), \(organization.updatedAt), \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Organization? {
        try db.object(
            "SELECT \(columns) FROM organization WHERE id = \(id)",
            in: "organization",
            reading: reading,
            organization
        )
    }

    /// Whether there is any.
    package static func exist(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try db.number("SELECT EXISTS (SELECT 1 FROM organization) AS value") == 1
    }

    /// Whether there is a row with this id, be it one that cannot be read.
    package static func isStored(
        _ id: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number("SELECT count(*) AS value FROM organization WHERE id = \(id)") > 0
    }

    /// Whether there is a row with this id, be it otherwise unreadable, that is not suspended.
    package static func isActive(
        _ id: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT count(*) AS value FROM organization
            WHERE id = \(id) AND suspended_at IS NULL
            """
        ) > 0
    }

    package static func list(
        name: String?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Organization> {
        var condition: SQL = "1 = 1"
        if let name { condition = "name = \(name)" }
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM organization WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "organization",
                organization
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM organization WHERE \(condition)"
            )
        )
    }

    package static func update(
        _ organization: Organization,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE organization SET name = \(organization.name),
                suspended_at = \(organization.suspendedAt), updated_at = \(organization.updatedAt)
            WHERE id = \(organization.id)
            """
        )
    }

    /// Its networks and its keys have to be gone.
    package static func delete(
        _ organization: Organization,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM organization WHERE id = \(organization.id)")
    }

    private static let columns: SQL = "id, name, suspended_at, created_at, updated_at"

    private static func organization(_ row: Row) throws(StoreError) -> Organization {
        Organization(
            id: try row.value("id"),
            name: try row.value("name"),
            suspendedAt: try row.optional("suspended_at"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}
