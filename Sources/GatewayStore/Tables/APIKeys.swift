package import GatewayDomain

/// Every statement about API keys is here. The keys themselves are never stored, only hashes.
package enum APIKeys {
    package struct Stored: Sendable {
        package let id: APIKeyID
        package let organizationID: OrganizationID
        /// SHA-256 of the key's text.
        package let hash: [UInt8]

        package init(id: APIKeyID, organizationID: OrganizationID, hash: [UInt8]) {
            self.id = id
            self.organizationID = organizationID
            self.hash = hash
        }
    }

    package static func insert(
        _ key: Stored,
        at now: Timestamp,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO api_key (id, organization_id, selector, hash, created_at)
            VALUES (\(key.id), \(key.organizationID), \(selector(key.hash)), \(key.hash), \(now))
            """
        )
    }

    /// The keys whose hash begins like this one. The caller compares the rest in constant time; an
    /// index on whole hashes would tell an attacker by its timing how much of a guess was right.
    /// Names no organization: which one asks is what it finds out.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [Stored] {
        try db.rows(
            "SELECT id, organization_id, hash FROM api_key WHERE selector = \(selector(hash))"
        ).map(stored)
    }

    package static func count(
        of organization: OrganizationID,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            "SELECT count(*) AS value FROM api_key WHERE organization_id = \(organization)"
        )
    }

    private static func stored(_ row: Row) throws(StoreError) -> Stored {
        Stored(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            hash: try row.value("hash")
        )
    }

    private static func selector(_ hash: [UInt8]) -> Int64 {
        hash.prefix(4).reduce(0) { $0 << 8 | Int64($1) }
    }
}
