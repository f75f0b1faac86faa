package import GatewayDomain

/// Every statement about the codes of links that sign in is here. Only their hashes are stored.
package enum SignInCodes {
    /// A code that has not been used.
    package struct StoredCode: Sendable {
        package let hash: [UInt8]
        package let organizationID: OrganizationID
        /// Who has made it.
        package let principal: Principal
        /// The session that its maker had shown; nil for an API key itself.
        package let sessionID: SessionID?
        package let expiresAt: Timestamp

        package init(
            hash: [UInt8],
            organizationID: OrganizationID,
            principal: Principal,
            sessionID: SessionID?,
            expiresAt: Timestamp
        ) {
            self.hash = hash
            self.organizationID = organizationID
            self.principal = principal
            self.sessionID = sessionID
            self.expiresAt = expiresAt
        }
    }

    package static func insert(_ code: StoredCode, _ db: any SQLConnection) throws(StoreError) {
        let principal = columns(of: code.principal)
        try db.execute(
            """
            INSERT INTO sign_in_code (hash, organization_id, user_id, api_key_id, session_id,
                selector, number, expires_at)
            VALUES (\(code.hash), \(code.organizationID), \(principal.user), \(principal.key),
                \(code.sessionID), \(SecretHash.selector(code.hash)),
                (SELECT coalesce(max(number), 0) + 1 FROM sign_in_code
                 WHERE \(isOf(code.principal))),
                \(code.expiresAt))
            """
        )
    }

    /// Those whose hash begins as this one does: the caller compares the rest in constant time.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [StoredCode] {
        try db.readable(
            """
            SELECT hash, organization_id, user_id, api_key_id, session_id, expires_at
            FROM sign_in_code WHERE selector = \(SecretHash.selector(hash))
            """,
            in: "sign_in_code",
            id: "organization_id",
            code
        )
    }

    /// - Returns: false where it is gone.
    package static func delete(
        _ code: StoredCode,
        _ db: any SQLConnection
    ) throws(StoreError) -> Bool {
        try db.execute("DELETE FROM sign_in_code WHERE hash = \(code.hash)") > 0
    }

    /// - Parameter kept: how many of the newest stay.
    package static func deleteAll(
        of principal: Principal,
        but kept: Int = 0,
        _ db: any SQLConnection
    ) throws(StoreError) {
        let newest: SQL = """
            SELECT hash FROM sign_in_code WHERE \(isOf(principal))
            ORDER BY number DESC LIMIT \(kept)
            """
        try db.execute(
            "DELETE FROM sign_in_code WHERE \(isOf(principal)) AND hash NOT IN (\(newest))"
        )
    }

    /// - Returns: the number of deleted codes, at most `limit`.
    package static func trim(
        endedBefore time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            DELETE FROM sign_in_code WHERE hash IN (
                SELECT hash FROM sign_in_code WHERE expires_at <= \(time)
                ORDER BY expires_at LIMIT \(limit))
            """
        )
    }

    private static func isOf(_ principal: Principal) -> SQL {
        switch principal {
        case .user(let id): "user_id = \(id)"
        case .apiKey(let id): "api_key_id = \(id)"
        }
    }

    private static func columns(of principal: Principal) -> (user: UserID?, key: APIKeyID?) {
        switch principal {
        case .user(let id): (id, nil)
        case .apiKey(let id): (nil, id)
        }
    }

    private static func code(_ row: Row) throws(StoreError) -> StoredCode {
        let principal: Principal =
            if let user: UserID = try row.optional("user_id") {
                .user(user)
            } else {
                .apiKey(try row.value("api_key_id"))
            }
        return StoredCode(
            hash: try row.value("hash"),
            organizationID: try row.value("organization_id"),
            principal: principal,
            sessionID: try row.optional("session_id"),
            expiresAt: try row.value("expires_at")
        )
    }
}
