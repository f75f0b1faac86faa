package import GatewayDomain

/// Every statement about answers to requests that may be repeated is here.
package enum KeptAnswers {
    package struct KeptAnswer: Sendable {
        /// Whose request it was.
        package let apiKeyID: APIKeyID
        /// Of what was asked.
        package let fingerprint: [UInt8]
        package let sealedAnswer: [UInt8]
        package let createdAt: Timestamp

        package init(
            apiKeyID: APIKeyID,
            fingerprint: [UInt8],
            sealedAnswer: [UInt8],
            createdAt: Timestamp
        ) {
            self.apiKeyID = apiKeyID
            self.fingerprint = fingerprint
            self.sealedAnswer = sealedAnswer
            self.createdAt = createdAt
        }
    }

    /// Takes the place of one that is there.
    package static func put(
        _ answer: KeptAnswer,
        to request: RepeatableRequest,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO kept_answer (organization_id, path, idempotency_key, api_key_id,
                fingerprint, sealed_answer, created_at)
            VALUES (\(organization), \(request.path), \(request.key), \(answer.apiKeyID),
                \(answer.fingerprint), \(answer.sealedAnswer), \(answer.createdAt))
            ON CONFLICT (organization_id, path, idempotency_key) DO UPDATE
            SET api_key_id = excluded.api_key_id, fingerprint = excluded.fingerprint,
                sealed_answer = excluded.sealed_answer, created_at = excluded.created_at
            """
        )
    }

    package static func find(
        _ request: RepeatableRequest,
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> KeptAnswer? {
        let row = try db.row(
            """
            SELECT api_key_id, fingerprint, sealed_answer, created_at FROM kept_answer
            WHERE organization_id = \(organization) AND path = \(request.path)
                AND idempotency_key = \(request.key)
            """
        )
        guard let row else { return nil }
        return KeptAnswer(
            apiKeyID: try row.value("api_key_id"),
            fingerprint: try row.value("fingerprint"),
            sealedAnswer: try row.value("sealed_answer"),
            createdAt: try row.value("created_at")
        )
    }

    /// Of all organizations, at most `limit`. What was kept at a time that is still to come, because the
    /// clock was set back, is kept from now on.
    ///
    /// - Returns: how many there were.
    package static func trim(
        olderThan end: Timestamp,
        at now: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute("UPDATE kept_answer SET created_at = \(now) WHERE created_at > \(now)")
        return try db.execute(
            """
            DELETE FROM kept_answer WHERE rowid IN (
                SELECT rowid FROM kept_answer WHERE created_at < \(end)
                ORDER BY created_at LIMIT \(limit))
            """
        )
    }
}
