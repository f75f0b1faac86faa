package import GatewayDomain
import NetAddress

/// Every statement about private services is here. They are the installation's: they name no organization.
package enum PrivateServices {
    package static func insert(
        _ service: PrivateService,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO private_service (id, name, description, prefixes, protocol, ports,
                region_codes, organization_ids, allows_private_prefixes, source, created_at,
                updated_at, created_revision)
            VALUES (\(service.id), \(service.name), \(service.description),
                \(WordList(service.prefixes)), \(service.transport), \(WordList(service.ports)),
                \(service.regionCodes.map { WordList($0) }),
                \(service.organizationIDs.map { WordList($0) }), \(service.allowsPrivatePrefixes),
                \(service.source), \(service.createdAt), \(service.updatedAt),
                \(Events.nextRevision))
            """
        )
    }

    package static func find(
        _ id: PrivateServiceID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> PrivateService? {
        try db.object(
            "SELECT \(columns) FROM private_service WHERE id = \(id)",
            in: "private_service",
            reading: reading,
            service
        )
    }

    /// All that can be read, the oldest first.
    package static func all(_ db: any SQLConnection) throws(StoreError) -> [PrivateService] {
        try db.readable(
            "SELECT \(columns) FROM private_service ORDER BY created_revision, id",
            in: "private_service",
            service
        )
    }

    /// - Parameter organization: lists those that are given to it; nil for all.
    package static func list(
        name: String?,
        givenTo organization: OrganizationID?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<PrivateService> {
        var condition: SQL = "1 = 1"
        if let name { condition = "name = \(name)" }
        if let organization {
            condition.append(
                " AND (organization_ids IS NULL OR \(SQL.holds("organization_ids", organization)))"
            )
        }
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM private_service WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "private_service",
                service
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM private_service WHERE \(condition)"
            )
        )
    }

    package static func update(
        _ service: PrivateService,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE private_service SET description = \(service.description),
                prefixes = \(WordList(service.prefixes)), protocol = \(service.transport),
                ports = \(WordList(service.ports)),
                region_codes = \(service.regionCodes.map { WordList($0) }),
                organization_ids = \(service.organizationIDs.map { WordList($0) }),
                allows_private_prefixes = \(service.allowsPrivatePrefixes),
                updated_at = \(service.updatedAt)
            WHERE id = \(service.id)
            """
        )
    }

    package static func delete(
        _ service: PrivateService,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM private_service WHERE id = \(service.id)")
    }

    private static let columns: SQL = """
        id, name, description, prefixes, protocol, ports, region_codes, organization_ids,
        allows_private_prefixes, source, created_at, updated_at
        """

    private static func service(_ row: Row) throws(StoreError) -> PrivateService {
        let regions: WordList? = try row.optional("region_codes")
        let organizations: WordList? = try row.optional("organization_ids")
        return PrivateService(
            id: try row.value("id"),
            name: try row.value("name"),
            description: try row.optional("description"),
            prefixes: try row.list("prefixes") { try? IPv4Prefix($0) },
            transport: try row.optional("protocol"),
            ports: try row.list("ports") { PortRange($0) },
            regionCodes: regions?.words,
            // An id that cannot be read gives the service to none.
            organizationIDs: organizations?.words.compactMap { OrganizationID($0) },
            allowsPrivatePrefixes: try row.value("allows_private_prefixes"),
            source: try row.value("source"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }
}
