package import GatewayDomain

/// Every statement about sessions is here. Their secrets are never stored, only hashes.
package enum Sessions {
    /// A stored session whose hash begins as that of a cookie does.
    package struct HashedSession: Sendable {
        package let session: Session
        /// SHA-256 of the session's secret.
        package let hash: [UInt8]
        package let isSuspended: Bool
    }

    package static func insert(
        _ session: Session,
        hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        let principal = principalColumns(of: session.principal)
        try db.execute(
            """
            INSERT INTO session (id, organization_id, user_id, api_key_id, selector, hash, source,
                user_agent, created_at, last_used_at, expires_at, created_revision)
            VALUES (\(session.id), \(session.organizationID), \(principal.user), \(principal.key),
                \(SecretHash.selector(hash)), \(hash), \(session.source), \(session.userAgent),
                \(session.createdAt), \(session.lastUsedAt), \(session.expiresAt),
                \(Events.nextRevision))
            """
        )
    }

    /// The sessions whose hash begins like this one (`SecretHash`). Names no organization: which one asks
    /// is what it finds out.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [HashedSession] {
        try db.readable(
            """
            SELECT \(columns), hash,
                (SELECT suspended_at IS NOT NULL FROM organization
                 WHERE organization.id = session.organization_id) AS is_suspended
            FROM session WHERE selector = \(SecretHash.selector(hash))
            """,
            in: "session"
        ) { row throws(StoreError) in
            HashedSession(
                session: try session(row),
                hash: try row.value("hash"),
                isSuspended: try row.value("is_suspended")
            )
        }
    }

    package static func find(
        _ id: SessionID,
        of organization: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> Session? {
        try db.object(
            """
            SELECT \(columns) FROM session
            WHERE id = \(id) AND organization_id = \(organization)
            """,
            in: "session",
            reading: reading,
            session
        )
    }

    package static func list(
        of principal: Principal,
        in organization: OrganizationID,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<Session> {
        let condition = condition(principal, organization)
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM session WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "session",
                session
            ),
            page: page,
            totalResults: try db.number("SELECT count(*) AS value FROM session WHERE \(condition)")
        )
    }

    /// Those of a principal, at most `Session.most`.
    package static func all(
        of principal: Principal,
        in organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Session] {
        try db.objects(
            """
            SELECT \(columns) FROM session WHERE \(condition(principal, organization))
            ORDER BY created_revision, id
            """,
            in: "session",
            reading: .forDeletion,
            session
        )
    }

    /// As they are before their organization is deleted.
    package static func all(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Session] {
        try db.objects(
            """
            SELECT \(columns) FROM session WHERE organization_id = \(organization)
            ORDER BY created_revision, id
            """,
            in: "session",
            reading: .forDeletion,
            session
        )
    }

    /// The addresses at which the sessions began that the user of this name, in upper or lower case, has.
    package static func sources(
        ofUserNamed name: String,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) -> [String] {
        try db.readable(
            """
            SELECT id, source FROM session
            WHERE expires_at > \(now) AND user_id = (
                SELECT id FROM user_account WHERE lookup_name = \(User.lookupName(name)))
            """,
            in: "session"
        ) { row throws(StoreError) in try row.value("source") }
    }

    /// Whether there is any.
    package static func exist(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try db.number("SELECT EXISTS (SELECT 1 FROM session) AS value") == 1
    }

    /// The cookie that it had opens nothing any more.
    package static func renew(
        _ session: SessionID,
        of organization: OrganizationID,
        hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE session SET selector = \(SecretHash.selector(hash)), hash = \(hash)
            WHERE id = \(session) AND organization_id = \(organization)
            """
        )
    }

    package static func noteUse(
        of session: Session,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let used = session.used(at: now)
        try db.execute(
            """
            UPDATE session SET last_used_at = \(used.lastUsedAt), expires_at = \(used.expiresAt)
            WHERE id = \(session.id) AND organization_id = \(session.organizationID)
            """
        )
    }

    package static func delete(_ session: Session, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM session
            WHERE id = \(session.id) AND organization_id = \(session.organizationID)
            """
        )
    }

    /// Deletes the sessions, of all organizations, that ended first, at most `limit`.
    package static func trim(
        endedBefore time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [Session] {
        let ended = try db.readable(
            """
            SELECT \(columns) FROM session WHERE expires_at <= \(time)
            ORDER BY expires_at LIMIT \(limit)
            """,
            in: "session",
            session
        )
        for session in ended { try delete(session, db) }
        return ended
    }

    private static func condition(_ principal: Principal, _ organization: OrganizationID) -> SQL {
        let belongs: SQL =
            switch principal {
            case .user(let id): "user_id = \(id)"
            case .apiKey(let id): "api_key_id = \(id)"
            }
        return "\(belongs) AND organization_id = \(organization)"
    }

    private static func principalColumns(of principal: Principal) -> (user: UserID?, key: APIKeyID?)
    {
        switch principal {
        case .user(let id): (id, nil)
        case .apiKey(let id): (nil, id)
        }
    }

    private static let columns: SQL = """
        id, organization_id, user_id, api_key_id, source, user_agent, created_at, last_used_at
        """

    private static func session(_ row: Row) throws(StoreError) -> Session {
        Session(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            principal: try principal(row),
            source: try row.value("source"),
            userAgent: try row.optional("user_agent"),
            createdAt: try row.value("created_at"),
            lastUsedAt: try row.value("last_used_at")
        )
    }

    private static func principal(_ row: Row) throws(StoreError) -> Principal {
        if let id: APIKeyID = try row.optional("api_key_id") { return .apiKey(id) }
        return .user(try row.value("user_id"))
    }
}
