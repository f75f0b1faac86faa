package import GatewayDomain

/// Every statement about API keys is here. The keys themselves are never stored, only hashes.
package enum APIKeys {
    /// A stored key whose hash begins as that of a bearer token does.
    package struct Candidate: Sendable {
        package let key: APIKey
        /// SHA-256 of the key's text.
        package let hash: [UInt8]
        package let isSuspended: Bool
    }

    /// - Parameter isMadeAtStart: whether a start of the server made it, and not a caller.
    package static func insert(
        _ key: APIKey,
        hash: [UInt8],
        isMadeAtStart: Bool = false,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO api_key (id, organization_id, name, prefix, role, is_restricted,
                selector, hash, expires_at, made_at_start, created_at, created_revision)
            VALUES (\(key.id), \(key.organizationID), \(key.name), \(key.prefix), \(key.role),
                \(key.networkIDs != nil), \(SecretHash.selector(hash)), \(hash), \(key.expiresAt),
                \(isMadeAtStart), \(key.createdAt), \(Events.nextRevision))
            """
        )
        for network in key.networkIDs ?? [] {
            try db.execute(
                """
                INSERT INTO api_key_network (api_key_id, organization_id, network_id)
                VALUES (\(key.id), \(key.organizationID), \(network))
                """
            )
        }
    }

    /// The keys whose hash begins like this one (`SecretHash`).
    /// Names no organization: which one asks is what it finds out.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [Candidate] {
        try db.readable(
            """
            SELECT \(columns), hash,
                (SELECT suspended_at IS NOT NULL FROM organization
                 WHERE organization.id = api_key.organization_id) AS is_suspended
            FROM api_key WHERE selector = \(SecretHash.selector(hash))
            """,
            in: "api_key"
        ) { row throws(StoreError) in
            Candidate(
                key: try key(row, db),
                hash: try row.value("hash"),
                isSuspended: try row.value("is_suspended")
            )
        }
    }

    /// Whether there is a row with this hash, be it one that cannot be read.
    package static func isStored(
        hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.number("SELECT count(*) AS value FROM api_key WHERE hash = \(hash)") > 0
    }

    package static func find(
        _ id: APIKeyID,
        of organization: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> APIKey? {
        try db.object(
            "SELECT \(columns) FROM api_key WHERE id = \(id) AND organization_id = \(organization)",
            in: "api_key",
            reading: reading
        ) { row throws(StoreError) in try key(row, db) }
    }

    /// A key that acts for a caller, and whether its organization is active: asked for with every change.
    package static func findActing(
        _ id: APIKeyID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> (key: APIKey, isActive: Bool)? {
        try db.object(
            """
            SELECT \(columns), EXISTS (SELECT 1 FROM organization
                WHERE organization.id = api_key.organization_id AND suspended_at IS NULL) AS is_active
            FROM api_key WHERE id = \(id) AND organization_id = \(organization)
            """,
            in: "api_key"
        ) { row throws(StoreError) in (try key(row, db), try row.value("is_active")) }
    }

    package static func list(
        of organization: OrganizationID,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<APIKey> {
        PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM api_key WHERE organization_id = \(organization)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "api_key"
            ) { row throws(StoreError) in try key(row, db) },
            page: page,
            totalResults: try count(of: organization, db)
        )
    }

    /// The keys that see this network because they name it.
    package static func restricted(
        to network: Network,
        _ db: any SQLConnection
    ) throws(StoreError) -> [APIKey] {
        try db.readable(
            """
            SELECT \(columns) FROM api_key
            WHERE organization_id = \(network.organizationID) AND id IN (
                SELECT api_key_id FROM api_key_network WHERE network_id = \(network.id))
            ORDER BY created_revision, id
            """,
            in: "api_key"
        ) { row throws(StoreError) in try key(row, db) }
    }

    package static func remove(
        _ network: Network,
        from key: APIKey,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM api_key_network
            WHERE api_key_id = \(key.id) AND organization_id = \(key.organizationID)
                AND network_id = \(network.id)
            """
        )
    }

    private static func count(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM api_key WHERE organization_id = \(organization)"
        )
    }

    package static func noteUse(
        of key: APIKey,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE api_key SET last_used_at = \(now)
            WHERE id = \(key.id) AND organization_id = \(key.organizationID)
            """
        )
    }

    /// Its hash is remembered as that of a revoked key.
    package static func delete(
        _ key: APIKey,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO revoked_api_key (hash, organization_id, revoked_at)
            SELECT hash, organization_id, \(now) FROM api_key
            WHERE id = \(key.id) AND organization_id = \(key.organizationID)
            ON CONFLICT (hash) DO NOTHING
            """
        )
        try db.execute(
            """
            DELETE FROM api_key
            WHERE id = \(key.id) AND organization_id = \(key.organizationID)
            """
        )
    }

    /// Deletes the keys of an organization, those whose rows have no readable id among them. Their
    /// hashes are remembered as those of revoked keys.
    package static func deleteAll(
        of organization: Organization,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO revoked_api_key (hash, organization_id, revoked_at)
            SELECT hash, organization_id, \(now) FROM api_key
            WHERE organization_id = \(organization.id)
            ON CONFLICT (hash) DO NOTHING
            """
        )
        try db.execute("DELETE FROM api_key WHERE organization_id = \(organization.id)")
    }

    /// When a key with this hash was revoked; nil if none was.
    package static func revocation(
        ofHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> Timestamp? {
        try db.row("SELECT revoked_at FROM revoked_api_key WHERE hash = \(hash)")?
            .value("revoked_at")
    }

    /// The keys of an organization that starts of the server have made.
    package static func madeAtStart(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [APIKey] {
        try db.readable(
            """
            SELECT \(columns) FROM api_key
            WHERE organization_id = \(organization) AND made_at_start = 1
            ORDER BY created_revision, id
            """,
            in: "api_key"
        ) { row throws(StoreError) in try key(row, db) }
    }

    /// The latest end of all keys that can act as an admin: those of the role, without a restriction to
    /// networks, of an organization that is not suspended. Nil without such a key,
    /// `Timestamp.distantFuture` for one without an end. Names no organization: an admin of any of
    /// them can manage all.
    package static func lastAdminEnd(_ db: any SQLConnection) throws(StoreError) -> Timestamp? {
        let row = try db.row(
            """
            SELECT max(coalesce(expires_at, \(Timestamp.distantFuture))) AS value FROM api_key
            WHERE role = \(Role.admin) AND is_restricted = 0
                AND (expires_at IS NULL OR \(SQL.isNumber("expires_at"))) AND organization_id IN (
                SELECT id FROM organization WHERE suspended_at IS NULL)
            """
        )
        return try row?.optional("value")
    }

    /// As they are before their organization is deleted.
    package static func all(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [APIKey] {
        try db.objects(
            """
            SELECT \(columns) FROM api_key WHERE organization_id = \(organization)
            ORDER BY created_revision, id
            """,
            in: "api_key",
            reading: .forDeletion
        ) { row throws(StoreError) in try key(row, db) }
    }

    private static let columns: SQL = """
        id, organization_id, name, prefix, role, is_restricted, expires_at, last_used_at, created_at
        """

    private static func key(_ row: Row, _ db: any SQLConnection) throws(StoreError) -> APIKey {
        let id: APIKeyID = try row.value("id")
        var networkIDs: Set<NetworkID>?
        if try row.value("is_restricted") {
            let networks = try db.rows(
                "SELECT network_id FROM api_key_network WHERE api_key_id = \(id)"
            )
            var ids: Set<NetworkID> = []
            for network in networks { ids.insert(try networkID(row.sameReading(of: network))) }
            networkIDs = ids
        }
        return APIKey(
            id: id,
            organizationID: try row.value("organization_id"),
            name: try row.value("name"),
            prefix: try row.optional("prefix"),
            role: try row.value("role"),
            networkIDs: networkIDs,
            expiresAt: try row.optional("expires_at"),
            lastUsedAt: try row.optional("last_used_at"),
            createdAt: try row.value("created_at")
        )
    }

    private static func networkID(_ row: Row) throws(StoreError) -> NetworkID {
        try row.value("network_id")
    }
}
