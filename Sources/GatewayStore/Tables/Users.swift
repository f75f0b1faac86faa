package import GatewayDomain

/// Every statement about users is here. Of a password only the hash is stored, and of an invitation's link
/// its hash.
package enum Users {
    /// A user with what its password is compared with; nil where it has none yet.
    package struct Stored: Sendable {
        package let user: User
        package let passwordHash: String?
    }

    /// A user whose invitation has a hash that begins as that of a link does.
    package struct Invited: Sendable {
        package let user: User
        /// SHA-256 of the link's secret.
        package let hash: [UInt8]
    }

    package static func insert(_ user: User, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO user_account (id, organization_id, name, lookup_name, role, is_restricted,
                created_at, updated_at, created_revision)
            VALUES (\(user.id), \(user.organizationID), \(user.name),
                \(User.lookupName(user.name)), \(user.role), \(user.networkIDs != nil),
                \(user.createdAt), \(user.updatedAt), \(Events.nextRevision))
            """
        )
        try insertNetworks(of: user, db)
    }

    /// Name, role and networks.
    package static func update(_ user: User, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            UPDATE user_account SET name = \(user.name), lookup_name = \(User.lookupName(user.name)),
                role = \(user.role), is_restricted = \(user.networkIDs != nil),
                updated_at = \(user.updatedAt)
            WHERE id = \(user.id) AND organization_id = \(user.organizationID)
            """
        )
        try db.execute(
            """
            DELETE FROM user_account_network
            WHERE user_id = \(user.id) AND organization_id = \(user.organizationID)
            """
        )
        try insertNetworks(of: user, db)
    }

    private static func insertNetworks(
        of user: User,
        _ db: any SQLConnection
    ) throws(StoreError) {
        for network in user.networkIDs ?? [] {
            try db.execute(
                """
                INSERT INTO user_account_network (user_id, organization_id, network_id)
                VALUES (\(user.id), \(user.organizationID), \(network))
                """
            )
        }
    }

    /// An invitation that the user had does not open anything any more.
    ///
    /// - Parameter hash: nil ends the invitation.
    package static func setInvitation(
        of user: User,
        hash: [UInt8]?,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE user_account SET invitation_selector = \(hash.map(SecretHash.selector)),
                invitation_hash = \(hash), invitation_expires_at = \(user.invitationExpiresAt),
                updated_at = \(user.updatedAt)
            WHERE id = \(user.id) AND organization_id = \(user.organizationID)
            """
        )
    }

    package static func setPassword(
        of user: User,
        hash: String,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE user_account SET password_hash = \(hash), updated_at = \(user.updatedAt)
            WHERE id = \(user.id) AND organization_id = \(user.organizationID)
            """
        )
    }

    package static func noteSignIn(
        of id: UserID,
        in organization: OrganizationID,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE user_account SET last_sign_in_at = \(now)
            WHERE id = \(id) AND organization_id = \(organization)
            """
        )
    }

    /// Names no organization: a sign-in tells none.
    package static func find(
        named name: String,
        _ db: any SQLConnection
    ) throws(StoreError) -> Stored? {
        try db.readable(
            """
            SELECT \(columns), password_hash FROM user_account
            WHERE lookup_name = \(User.lookupName(name))
            """,
            in: "user_account"
        ) { row throws(StoreError) in try stored(row, db) }.first
    }

    package static func findStored(
        _ id: UserID,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Stored? {
        try db.object(
            """
            SELECT \(columns), password_hash FROM user_account
            WHERE id = \(id) AND organization_id = \(organization)
            """,
            in: "user_account"
        ) { row throws(StoreError) in try stored(row, db) }
    }

    /// The users whose invitation has a hash that begins like this one (`SecretHash`). Names no
    /// organization: a link tells none. Those of suspended ones are left out.
    package static func candidates(
        forInvitationHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [Invited] {
        try db.readable(
            """
            SELECT \(columns), invitation_hash FROM user_account
            WHERE invitation_selector = \(SecretHash.selector(hash)) AND EXISTS (
                SELECT 1 FROM organization
                WHERE organization.id = user_account.organization_id AND suspended_at IS NULL)
            """,
            in: "user_account"
        ) { row throws(StoreError) in
            Invited(user: try user(row, db), hash: try row.value("invitation_hash"))
        }
    }

    package static func find(
        _ id: UserID,
        of organization: OrganizationID,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> User? {
        try db.object(
            """
            SELECT \(columns) FROM user_account
            WHERE id = \(id) AND organization_id = \(organization)
            """,
            in: "user_account",
            reading: reading
        ) { row throws(StoreError) in try user(row, db) }
    }

    /// - Parameter name: lists only the user with this name, in upper or lower case; nil for all.
    package static func list(
        of organization: OrganizationID,
        name: String?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<User> {
        var condition: SQL = "organization_id = \(organization)"
        if let name { condition.append(" AND lookup_name = \(User.lookupName(name))") }
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM user_account WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "user_account"
            ) { row throws(StoreError) in try user(row, db) },
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM user_account WHERE \(condition)"
            )
        )
    }

    /// As they are before their organization is deleted.
    package static func all(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> [User] {
        try db.objects(
            """
            SELECT \(columns) FROM user_account WHERE organization_id = \(organization)
            ORDER BY created_revision, id
            """,
            in: "user_account",
            reading: .forDeletion
        ) { row throws(StoreError) in try user(row, db) }
    }

    /// The users that see this network because they name it.
    package static func restricted(
        to network: Network,
        _ db: any SQLConnection
    ) throws(StoreError) -> [User] {
        try db.readable(
            """
            SELECT \(columns) FROM user_account
            WHERE organization_id = \(network.organizationID) AND id IN (
                SELECT user_id FROM user_account_network WHERE network_id = \(network.id))
            ORDER BY created_revision, id
            """,
            in: "user_account"
        ) { row throws(StoreError) in try user(row, db) }
    }

    package static func remove(
        _ network: Network,
        from user: User,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM user_account_network
            WHERE user_id = \(user.id) AND organization_id = \(user.organizationID)
                AND network_id = \(network.id)
            """
        )
    }

    /// Its sessions have to be gone.
    package static func delete(_ user: User, _ db: any SQLConnection) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM user_account
            WHERE id = \(user.id) AND organization_id = \(user.organizationID)
            """
        )
    }

    /// Deletes the users of an organization, those whose rows have no readable id among them.
    package static func deleteAll(
        of organization: Organization,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute("DELETE FROM user_account WHERE organization_id = \(organization.id)")
    }

    /// Whether there is a user who can act as an admin for good: one of the role with a password, without
    /// a restriction to networks, of an organization that is not suspended. Names no organization: an
    /// admin of any of them can manage all.
    package static func hasAdmin(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT EXISTS (SELECT 1 FROM user_account
                WHERE role = \(Role.admin) AND is_restricted = 0 AND password_hash IS NOT NULL
                    AND organization_id IN (
                        SELECT id FROM organization WHERE suspended_at IS NULL)) AS value
            """
        ) == 1
    }

    /// Whether any user of the installation has ever signed in.
    package static func haveSignedIn(_ db: any SQLConnection) throws(StoreError) -> Bool {
        try db.number(
            """
            SELECT EXISTS (SELECT 1 FROM user_account WHERE last_sign_in_at IS NOT NULL) AS value
            """
        ) == 1
    }

    private static let columns: SQL = """
        id, organization_id, name, role, is_restricted, password_hash IS NOT NULL AS has_password,
        invitation_expires_at, last_sign_in_at, created_at, updated_at
        """

    private static func stored(
        _ row: Row,
        _ db: any SQLConnection
    ) throws(StoreError) -> Stored {
        Stored(
            user: try user(row, db),
            passwordHash: try row.optional("password_hash")
        )
    }

    private static func user(_ row: Row, _ db: any SQLConnection) throws(StoreError) -> User {
        let id: UserID = try row.value("id")
        var networkIDs: Set<NetworkID>?
        if try row.value("is_restricted") {
            let networks = try db.rows(
                "SELECT network_id FROM user_account_network WHERE user_id = \(id)"
            )
            var ids: Set<NetworkID> = []
            for network in networks { ids.insert(try networkID(row.sameReading(of: network))) }
            networkIDs = ids
        }
        return User(
            id: id,
            organizationID: try row.value("organization_id"),
            name: try row.value("name"),
            role: try row.value("role"),
            networkIDs: networkIDs,
            hasPassword: try row.value("has_password"),
            invitationExpiresAt: try row.optional("invitation_expires_at"),
            lastSignInAt: try row.optional("last_sign_in_at"),
            createdAt: try row.value("created_at"),
            updatedAt: try row.value("updated_at")
        )
    }

    private static func networkID(_ row: Row) throws(StoreError) -> NetworkID {
        try row.value("network_id")
    }
}
