package import GatewayDomain

/// Every statement about the stored responses of requests with an idempotency key.
package enum StoredResponses {
    package struct Sealed: Sendable {
        /// Who made the request.
        package let principalID: PrincipalID
        /// The hash of the request's content.
        package let fingerprint: [UInt8]
        package let sealedResponse: [UInt8]
        package let createdAt: Timestamp

        package init(
            principalID: PrincipalID,
            fingerprint: [UInt8],
            sealedResponse: [UInt8],
            createdAt: Timestamp
        ) {
            self.principalID = principalID
            self.fingerprint = fingerprint
            self.sealedResponse = sealedResponse
            self.createdAt = createdAt
        }
    }

    /// Replaces the response that is stored for this key, if there is one.
    package static func put(
        _ response: Sealed,
        for key: IdempotencyKey,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO kept_answer (organization_id, path, idempotency_key, principal_id,
                fingerprint, sealed_answer, created_at)
            VALUES (\(organization), \(key.path), \(key.text), \(response.principalID),
                \(response.fingerprint), \(response.sealedResponse), \(response.createdAt))
            ON CONFLICT (organization_id, path, idempotency_key) DO UPDATE
            SET principal_id = excluded.principal_id, fingerprint = excluded.fingerprint,
                sealed_answer = excluded.sealed_answer, created_at = excluded.created_at
            """
        )
    }

    package static func find(
        _ key: IdempotencyKey,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Sealed? {
        let row = try db.row(
            """
            SELECT principal_id, fingerprint, sealed_answer, created_at FROM kept_answer
            WHERE organization_id = \(organization) AND path = \(key.path)
                AND idempotency_key = \(key.text)
            """
        )
        guard let row else { return nil }
        return Sealed(
            principalID: try row.value("principal_id"),
            fingerprint: try row.value("fingerprint"),
            sealedResponse: try row.value("sealed_answer"),
            createdAt: try row.value("created_at")
        )
    }

    /// Deletes at most `limit` responses, of all organizations. One that is dated in the future, because
    /// the clock was set back, is dated now.
    ///
    /// - Returns: the number of deleted responses.
    package static func trim(
        olderThan end: Timestamp,
        at now: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute("UPDATE kept_answer SET created_at = \(now) WHERE created_at > \(now)")
        return try db.execute(
            """
            DELETE FROM kept_answer WHERE (organization_id, path, idempotency_key) IN (
                SELECT organization_id, path, idempotency_key FROM kept_answer
                WHERE created_at < \(end) ORDER BY created_at LIMIT \(limit))
            """
        )
    }
}
