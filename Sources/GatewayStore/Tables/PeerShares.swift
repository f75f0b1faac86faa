package import GatewayDomain

/// Every statement about shares is here. Their links are never stored, only hashes, and their files only as
/// the links seal them.
package enum PeerShares {
    /// A stored share whose hash begins as that of a link does.
    package struct HashedShare: Sendable {
        package let share: PeerShare
        /// SHA-256 of the link's secret.
        package let hash: [UInt8]
        /// Nil once it was given away.
        package let sealedConfig: [UInt8]?
    }

    package static func insert(
        _ share: PeerShare,
        hash: [UInt8],
        sealedConfig: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            INSERT INTO peer_share (id, organization_id, peer_id, selector, hash, sealed_config,
                has_private_key, is_full_tunnel, config_revision, expires_at, created_at,
                created_revision)
            VALUES (\(share.id), \(share.organizationID), \(share.peerID),
                \(SecretHash.selector(hash)), \(hash), \(sealedConfig), \(share.hasPrivateKey),
                \(share.isFullTunnel), \(share.configRevision), \(share.expiresAt),
                \(share.createdAt), \(Events.nextRevision))
            """
        )
    }

    /// The shares whose hash begins like this one (`SecretHash`). Names no organization: a link tells none.
    /// Those of suspended ones are left out.
    package static func candidates(
        forHash hash: [UInt8],
        _ db: any SQLConnection
    ) throws(StoreError) -> [HashedShare] {
        try db.readable(
            """
            SELECT \(columns), hash, sealed_config FROM peer_share
            WHERE selector = \(SecretHash.selector(hash)) AND EXISTS (
                SELECT 1 FROM organization
                WHERE organization.id = peer_share.organization_id AND suspended_at IS NULL)
            """,
            in: "peer_share"
        ) { row throws(StoreError) in
            HashedShare(
                share: try share(row),
                hash: try row.value("hash"),
                sealedConfig: try row.optional("sealed_config")
            )
        }
    }

    package static func find(
        _ id: PeerShareID,
        in scope: Scope,
        reading: Reading = .strict,
        _ db: any SQLConnection
    ) throws(StoreError) -> PeerShare? {
        try db.object(
            "SELECT \(columns) FROM peer_share WHERE id = \(id) AND \(isIn(scope))",
            in: "peer_share",
            reading: reading,
            share
        )
    }

    package static func list(
        in scope: Scope,
        peerID: PeerID?,
        page: Page,
        _ db: any SQLConnection
    ) throws(StoreError) -> PageOf<PeerShare> {
        var condition = isIn(scope)
        if let peerID { condition.append(" AND peer_id = \(peerID)") }
        return PageOf(
            elements: try db.readable(
                """
                SELECT \(columns) FROM peer_share WHERE \(condition)
                ORDER BY created_revision, id LIMIT \(page.size) OFFSET \(page.offset)
                """,
                in: "peer_share",
                share
            ),
            page: page,
            totalResults: try db.number(
                "SELECT count(*) AS value FROM peer_share WHERE \(condition)"
            )
        )
    }

    private static func isIn(_ scope: Scope) -> SQL {
        var condition: SQL = "peer_share.organization_id = \(scope.organizationID)"
        if scope.networkIDs != nil {
            condition.append(
                """
                 AND EXISTS (SELECT 1 FROM peer
                    WHERE peer.id = peer_share.peer_id AND \(SQL.belongsToGateway(in: scope)))
                """
            )
        }
        return condition
    }

    package static func count(
        of peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.number(
            """
            SELECT count(*) AS value FROM peer_share
            WHERE peer_id = \(peer.id) AND organization_id = \(peer.organizationID)
            """
        )
    }

    /// Those of a peer, at most `PeerShare.most`.
    package static func all(
        of peer: Peer,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerShare] {
        try db.readable(
            """
            SELECT \(columns) FROM peer_share
            WHERE peer_id = \(peer.id) AND organization_id = \(peer.organizationID)
            ORDER BY created_revision, id
            """,
            in: "peer_share",
            share
        )
    }

    /// Deletes the shares, of all organizations, that expired first, at most `limit`.
    package static func trim(
        expiredBefore time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> [PeerShare] {
        let oldest: SQL = """
            FROM peer_share WHERE expires_at < \(time) ORDER BY expires_at, id LIMIT \(limit)
            """
        let shares = try db.objects(
            "SELECT \(columns) \(oldest)",
            in: "peer_share",
            reading: .forDeletion,
            share
        )
        try db.execute("DELETE FROM peer_share WHERE id IN (SELECT id \(oldest))")
        return shares
    }

    /// The file is given away: nothing is left of it.
    package static func setUsed(
        _ share: PeerShare,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            UPDATE peer_share SET used_at = \(share.usedAt), sealed_config = NULL
            WHERE id = \(share.id) AND organization_id = \(share.organizationID)
            """
        )
    }

    /// Drops the files of shares, of all organizations, that nothing can open any more.
    ///
    /// - Returns: the number of dropped files, at most `limit`.
    package static func discardFiles(
        expiredBefore time: Timestamp,
        limit: Int,
        _ db: any SQLConnection
    ) throws(StoreError) -> Int {
        try db.execute(
            """
            UPDATE peer_share SET sealed_config = NULL WHERE id IN (
                SELECT id FROM peer_share
                WHERE expires_at <= \(time) AND sealed_config IS NOT NULL LIMIT \(limit))
            """
        )
    }

    package static func delete(
        _ share: PeerShare,
        _ db: any SQLConnection
    ) throws(StoreError) {
        try db.execute(
            """
            DELETE FROM peer_share
            WHERE id = \(share.id) AND organization_id = \(share.organizationID)
            """
        )
    }

    private static let columns: SQL = """
        id, organization_id, peer_id, has_private_key, is_full_tunnel, config_revision, expires_at,
        used_at, created_at
        """

    private static func share(_ row: Row) throws(StoreError) -> PeerShare {
        PeerShare(
            id: try row.value("id"),
            organizationID: try row.value("organization_id"),
            peerID: try row.value("peer_id"),
            hasPrivateKey: try row.value("has_private_key"),
            isFullTunnel: try row.value("is_full_tunnel"),
            configRevision: try row.value("config_revision"),
            expiresAt: try row.value("expires_at"),
            usedAt: try row.optional("used_at"),
            createdAt: try row.value("created_at")
        )
    }
}
