package import GatewayDomain

/// Every statement about config URLs is here. Their tokens are never stored, only hashes.
package enum PeerConfigURLs {
    /// A stored URL whose hash begins as that of a token does.
    package struct HashedURL: Sendable {
        package let configURL: PeerConfigURL
        /// SHA-256 of the token.
        package let hash: [UInt8]
    }

    /// The one before it is not valid any more.
    package static func replace(
        with url: PeerConfigURL,
        hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO config_url (peer_id, organization_id, id, selector, hash, created_at)
            VALUES (\(url.peerID), \(url.organizationID), \(url.id), \(SecretHash.selector(hash)),
                \(hash), \(url.createdAt))
            ON CONFLICT (peer_id) DO UPDATE
            SET organization_id = excluded.organization_id, id = excluded.id,
                selector = excluded.selector, hash = excluded.hash, created_at = excluded.created_at
            """
        )
    }

    /// See `PeerShares.candidates`.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [HashedURL] {
        try db.readable(
            """
            SELECT \(columns), hash FROM config_url
            WHERE selector = \(SecretHash.selector(hash)) AND EXISTS (
                SELECT 1 FROM organization
                WHERE organization.id = config_url.organization_id AND suspended_at IS NULL)
            """,
            in: "config_url"
        ) { row throws(StoreError) in
            HashedURL(configURL: try url(row), hash: try row.value("hash"))
        }
    }

    package static func find(
        of peer: Peer,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> PeerConfigURL? {
        try db.object(
            """
            SELECT \(columns) FROM config_url
            WHERE peer_id = \(peer.id) AND organization_id = \(peer.organizationID)
            """,
            in: "config_url",
            reading: reading,
            url
        )
    }

    package static func delete(
        _ url: PeerConfigURL,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM config_url
            WHERE peer_id = \(url.peerID) AND organization_id = \(url.organizationID)
            """
        )
    }

    private static let columns: SQL = "id, organization_id, peer_id, created_at"

    private static func url(_ row: Row) throws(StoreError) -> PeerConfigURL {
        PeerConfigURL(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            peerID: try row.value("peer_id"),
            createdAt: try row.value("created_at")
        )
    }
}
